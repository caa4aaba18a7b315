-- Promo codes. A pending checkout holds a use of its code while its places are held; an order that stands has used it.

create table promo_codes (
  account_id integer not null references accounts,
  id integer generated always as identity,
  code text not null check (code ~ '^[A-Z0-9-]{3,32}$'),
  discount_type text not null check (discount_type in ('percentage', 'fixed')),
  percent numeric(5, 2) check (percent > 0 and percent <= 100),
  amount_minor bigint check (amount_minor > 0),
  event_id integer,
  expires_at timestamptz(0),
  usage_limit integer check (usage_limit > 0),
  max_per_customer integer check (max_per_customer > 0),
  redemptions_count integer not null default 0 check (redemptions_count >= 0),
  active boolean not null default true,
  created_at timestamptz(0) not null,
  updated_at timestamptz(0) not null,
  deleted_at timestamptz(0),
  primary key (account_id, id),
  foreign key (account_id, event_id) references events on delete cascade,
  check ((percent is not null) = (discount_type = 'percentage')),
  check ((amount_minor is not null) = (discount_type = 'fixed'))
);
create unique index promo_codes_by_code on promo_codes (account_id, code) where deleted_at is null;

alter table checkouts
  add column promo_code_id integer,
  add column discount_minor bigint not null default 0 check (discount_minor >= 0),
  add foreign key (account_id, promo_code_id) references promo_codes;
create index checkouts_with_promo_code on checkouts (account_id, promo_code_id, expires_at)
  where promo_code_id is not null and status = 'pending';

alter table checkout_items
  add column discount_minor bigint not null default 0,
  add constraint checkout_items_discount_check check (discount_minor between 0 and unit_price_minor * quantity);

alter table orders
  add column promo_code_id integer,
  add foreign key (account_id, promo_code_id) references promo_codes;
create index orders_with_promo_code on orders (account_id, promo_code_id, customer_id) where promo_code_id is not null;

-- Whether the sale still stands: neither cancelled nor given back whole.
create function order_stands(total_minor bigint, refunded_minor bigint, cancelled_at timestamptz) returns boolean
language sql immutable parallel safe as $$
  select cancelled_at is null and not (total_minor > 0 and refunded_minor = total_minor)
$$;

-- Named so that it runs after the sums of customers: their rows are locked before those of promo codes.
create function tally_redemptions() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update promo_codes p set redemptions_count = p.redemptions_count + d.uses
    from (select account_id, promo_code_id, count(*)::integer as uses from new_rows
          where promo_code_id is not null and order_stands(total_minor, refunded_minor, cancelled_at) group by 1, 2) d
    where p.account_id = d.account_id and p.id = d.promo_code_id;
  else
    update promo_codes p set redemptions_count = p.redemptions_count + d.uses
    from (select account_id, promo_code_id, sum(n)::integer as uses
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o
          where promo_code_id is not null and order_stands(total_minor, refunded_minor, cancelled_at)
          group by 1, 2 having sum(n) <> 0) d
    where p.account_id = d.account_id and p.id = d.promo_code_id;
  end if;
  return null;
end $$;
create trigger tally_new_redemptions after insert on orders
  referencing new table as new_rows for each statement execute function tally_redemptions();
alter table orders enable always trigger tally_new_redemptions;
create trigger tally_changed_redemptions after update on orders
  referencing old table as old_rows new table as new_rows for each statement execute function tally_redemptions();
