-- A cart on its way to becoming an order.

create table checkouts (
  account_id integer not null references accounts,
  id integer generated always as identity,
  public_id text not null unique,
  event_id integer not null,
  status text not null default 'pending' check (status in ('pending', 'paid', 'abandoned')),
  total_minor bigint not null check (total_minor >= 0),
  buyer jsonb check (jsonb_typeof(buyer) = 'object'),
  marketing_consent boolean not null default false,
  locale text not null check (locale in ('en', 'de')),
  attribution jsonb not null default '{}' check (jsonb_typeof(attribution) = 'object'),
  created_at timestamptz(0) not null,
  expires_at timestamptz not null,
  payment_attempt integer not null default 1,
  order_id integer,
  primary key (account_id, id),
  foreign key (account_id, event_id) references events on delete cascade,
  foreign key (account_id, order_id) references orders,
  check ((status = 'paid') = (order_id is not null))
);
create index checkouts_by_event on checkouts (account_id, event_id);
create unique index checkouts_by_order on checkouts (account_id, order_id) where order_id is not null;

create table checkout_items (
  account_id integer not null,
  checkout_id integer not null,
  position integer not null,
  ticket_type_id integer not null,
  title text not null,
  quantity integer not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  tax_rate numeric(4, 1),
  primary key (account_id, checkout_id, position),
  foreign key (account_id, checkout_id) references checkouts on delete cascade,
  foreign key (account_id, ticket_type_id) references ticket_types on delete cascade
);

alter table holds add foreign key (account_id, checkout_id) references checkouts on delete cascade;
