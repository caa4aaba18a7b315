-- An order is born paid: what is still being paid for is a checkout. A customer is the sum of paid orders.
-- Refunds change their order, orders change their customer and the daily totals: always by these triggers, so that
-- no act can forget it. A bulk load (setting foyer.bulk = on) writes the sums of orders and customers itself, at once.

create function is_bulk_load() returns boolean language sql stable as $$
  select coalesce(current_setting('foyer.bulk', true), '') = 'on'
$$;

create table customers (
  account_id integer not null references accounts,
  id integer generated always as identity,
  email text not null check (email <> ''),
  name text check (name <> ''),
  company text check (company <> ''),
  salutation text check (salutation in ('ms', 'mr', 'mx')),
  title text check (title <> ''),
  phone text check (phone <> ''),
  name_set_at timestamptz(0),
  company_set_at timestamptz(0),
  salutation_set_at timestamptz(0),
  title_set_at timestamptz(0),
  phone_set_at timestamptz(0),
  total_spent_minor bigint not null default 0 check (total_spent_minor >= 0),
  marketing_consent_at timestamptz(0),
  created_at timestamptz(0) not null,
  search_text text not null generated always as (
    search_fold(email) || E'\n' || coalesce(search_fold(name), '') || E'\n' || coalesce(search_fold(company), '')
  ) stored,
  primary key (account_id, id),
  unique (account_id, email)
);
create index customers_by_age on customers (account_id, created_at desc, id desc);
create index customers_with_consent_by_age on customers (account_id, created_at desc, id desc)
  where marketing_consent_at is not null;
create index customers_by_words on customers using gin (search_text gin_trgm_ops);

-- Who bought for which event; carries the customer's age and consent so that the filtered list is one index.
create table customer_events (
  account_id integer not null,
  event_id integer not null,
  customer_id integer not null,
  customer_created_at timestamptz(0) not null,
  marketing_consent boolean not null,
  primary key (account_id, customer_id, event_id),
  foreign key (account_id, event_id) references events,
  foreign key (account_id, customer_id) references customers
);
create index customer_events_by_age on customer_events (account_id, event_id, customer_created_at desc, customer_id desc);
create index customer_events_with_consent_by_age
  on customer_events (account_id, event_id, customer_created_at desc, customer_id desc) where marketing_consent;

-- Money that was asked for: written before the provider is called, under the key that makes asking twice harmless.
create table payments (
  account_id integer not null references accounts,
  id integer generated always as identity,
  provider text not null,
  idempotency_key text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  status text not null check (status in ('started', 'pending', 'succeeded', 'declined', 'returned')),
  reference text,
  created_at timestamptz(0) not null,
  primary key (account_id, id),
  unique (account_id, idempotency_key)
);

create table orders (
  account_id integer not null references accounts,
  id integer generated always as identity,
  public_id text not null unique,
  order_code text not null,
  import_ref text,
  event_id integer not null,
  customer_id integer not null,
  origin text not null check (origin in ('checkout', 'import')),
  customer_name text not null,
  customer_email text not null,
  staff_note text,
  marketing_consent boolean not null,
  total_minor bigint not null check (total_minor >= 0),
  refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
  payment_provider text not null,
  payment_reference text,
  payment_id integer,
  ticket_count integer not null check (ticket_count > 0),
  line_count integer not null check (line_count > 0),
  attribution jsonb not null default '{}' check (jsonb_typeof(attribution) = 'object'),
  archived_at timestamptz(0),
  created_at timestamptz(0) not null,
  paid_at timestamptz(0) not null,
  search_text text not null generated always as (search_fold(customer_email) || E'\n' || search_fold(customer_name)) stored,
  primary key (account_id, id),
  unique (account_id, order_code),
  foreign key (account_id, event_id) references events,
  foreign key (account_id, customer_id) references customers,
  foreign key (account_id, payment_id) references payments,
  check ((payment_id is null) = (origin <> 'checkout')),
  check (paid_at >= created_at)
);
create unique index orders_by_import_ref on orders (account_id, import_ref) where import_ref is not null;
create unique index orders_of_payment on orders (account_id, payment_id) where payment_id is not null;
create index orders_by_payment_reference on orders (account_id, lower(replace(payment_reference, '-', '')))
  where payment_reference is not null;
create index orders_by_age on orders (account_id, paid_at desc, id desc);
create index orders_of_event_by_age on orders (account_id, event_id, paid_at desc, id desc);
create index orders_of_customer_by_age on orders (account_id, customer_id, paid_at desc, id desc);
create index orders_by_words on orders using gin (search_text gin_trgm_ops);

create table order_lines (
  account_id integer not null,
  order_id integer not null,
  position integer not null,
  public_id text not null,
  ticket_type_id integer not null,
  name text not null,
  quantity integer not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  discount_minor bigint not null default 0 check (discount_minor >= 0),
  total_minor bigint not null check (total_minor = unit_price_minor * quantity - discount_minor),
  tax_rate numeric(4, 1),
  tax_minor bigint not null default 0 check (tax_minor between 0 and total_minor),
  primary key (account_id, order_id, position),
  foreign key (account_id, order_id) references orders,
  foreign key (account_id, ticket_type_id) references ticket_types
);

create table tickets (
  account_id integer not null,
  order_id integer not null,
  position integer not null,
  line_position integer not null,
  event_id integer not null,
  ticket_type_id integer not null,
  public_id text not null unique,
  check_in_code text not null,
  attendee_name text,
  redeemed_at timestamptz(0),
  cancelled_at timestamptz(0),
  primary key (account_id, order_id, position),
  unique (account_id, check_in_code),
  foreign key (account_id, order_id, line_position) references order_lines
);
create index tickets_by_type on tickets (account_id, event_id, ticket_type_id);

create table refunds (
  account_id integer not null,
  id integer generated always as identity,
  order_id integer not null,
  amount_minor bigint not null check (amount_minor > 0),
  refunded_at timestamptz(0) not null,
  primary key (account_id, id),
  foreign key (account_id, order_id) references orders
);
create index refunds_of_order on refunds (account_id, order_id);
