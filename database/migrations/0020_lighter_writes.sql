-- What every new row pays and nobody gains from.

-- The same promise without a counted repetition, which makes PostgreSQL build a machine of 64 states for each ticket.
alter table tickets drop constraint tickets_secret_check,
  add constraint tickets_secret_check check (secret ~ '^[0-9A-Z]*$' and octet_length(secret) between 27 and 64);

-- Nothing asks for an event's tickets by type any more: ticket types and daily totals carry those counts.
drop index tickets_by_type;

-- An import may leave out the look-up of foreign keys only where every trigger on insert runs always (migration 0008).
alter table customers enable always trigger sum_new_customers;

-- Rows are summed to one for each day first, and told apart by subject then: not four for each order.

create or replace function sum_orders() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select d.account_id, s.subject, v.event_id, d.day, sum(s.count), sum(s.net)
    from (
      select o.account_id, o.event_id, (o.paid_at at time zone z.zone)::date as day, archived_at is null as is_at_hand,
             count(*) as orders, sum(total_minor - refunded_minor) as net,
             sum(ticket_count) filter (where refunded_minor < total_minor or total_minor = 0) as tickets
      from new_rows o
      join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
        on z.a = o.account_id
      group by 1, 2, 3, 4
    ) d
    cross join lateral (values
      (case when is_at_hand then 'orders' else 'archived_orders' end, orders, net),
      ('tickets', case when is_bulk_load() then tickets end, 0)
    ) s (subject, count, net)
    cross join lateral (values (0), (d.event_id)) v (event_id)
    where s.count is not null
    group by 1, 2, 3, 4;
    if not is_bulk_load() then
      update customers c set total_spent_minor = c.total_spent_minor + d.net
      from (select account_id, customer_id, sum(total_minor - refunded_minor) as net from new_rows group by 1, 2) d
      where c.account_id = d.account_id and c.id = d.customer_id and d.net <> 0;
    end if;
  else
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select account_id, subject, e, day, sum(n), sum(net)
    from (select o.account_id, case when archived_at is null then 'orders' else 'archived_orders' end as subject,
                 event_id, (paid_at at time zone z.zone)::date as day, n, n * (total_minor - refunded_minor) as net
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o
          join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
            on z.a = o.account_id) r
    cross join lateral (values (0), (event_id)) v (e)
    group by 1, 2, 3, 4
    having sum(n) <> 0 or sum(net) <> 0;
    update customers c set total_spent_minor = c.total_spent_minor + d.net
    from (select account_id, customer_id, sum(n * (total_minor - refunded_minor)) as net
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o group by 1, 2) d
    where c.account_id = d.account_id and c.id = d.customer_id and d.net <> 0;
  end if;
  return null;
end $$;

create or replace function sum_customers() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select d.account_id, s.subject, 0, d.day, s.count, s.amount
    from (
      select c.account_id, (created_at at time zone z.zone)::date as day,
             count(*) as customers, sum(total_spent_minor) as spent,
             count(marketing_consent_at) as marketing,
             sum(total_spent_minor) filter (where marketing_consent_at is not null) as marketing_spent
      from new_rows c
      join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
        on z.a = c.account_id
      group by 1, 2
    ) d
    cross join lateral (values ('customers', customers, spent), ('marketing_customers', marketing, marketing_spent))
      s (subject, count, amount)
    where s.count > 0;
    return null;
  end if;

  if not exists (
    select from new_rows n join old_rows o using (account_id, id)
    where (n.created_at, n.total_spent_minor, n.marketing_consent_at is not null)
       is distinct from (o.created_at, o.total_spent_minor, o.marketing_consent_at is not null)
  ) then
    return null;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select c.account_id, s.subject, e.event_id, (c.created_at at time zone z.zone)::date, sum(n), sum(n * total_spent_minor)
  from (select 1 as n, * from new_rows union all select -1, * from old_rows) c
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = c.account_id
  cross join lateral (
    select 0 as event_id
    union all
    select ce.event_id from customer_events ce where ce.account_id = c.account_id and ce.customer_id = c.id
  ) e
  cross join lateral (values ('customers', true), ('marketing_customers', marketing_consent_at is not null))
    s (subject, counts)
  where s.counts
  group by 1, 2, 3, 4
  having sum(n) <> 0 or sum(n * total_spent_minor) <> 0;
  update customer_events ce
  set customer_created_at = c.created_at, marketing_consent = c.marketing_consent_at is not null
  from new_rows c
  where ce.account_id = c.account_id and ce.customer_id = c.id
    and (ce.customer_created_at, ce.marketing_consent)
        is distinct from (c.created_at, c.marketing_consent_at is not null);
  return null;
end $$;

create or replace function sum_customer_events() returns trigger language plpgsql
  set enable_nestloop = on
  set enable_hashjoin = off
  set enable_mergejoin = off as $$
begin
  if not is_bulk_load() then
    perform from customers c
    where (c.account_id, c.id) in (select account_id, customer_id from new_rows)
    order by c.account_id, c.id for no key update;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select d.account_id, s.subject, d.event_id, d.day, s.count, s.amount
  from (
    select c.account_id, e.event_id, (c.created_at at time zone z.zone)::date as day,
           count(*) as customers, sum(total_spent_minor) as spent,
           count(c.marketing_consent_at) as marketing,
           sum(total_spent_minor) filter (where c.marketing_consent_at is not null) as marketing_spent
    from new_rows e
    join customers c on c.account_id = e.account_id and c.id = e.customer_id
    join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
      on z.a = e.account_id
    group by 1, 2, 3
  ) d
  cross join lateral (values ('customers', customers, spent), ('marketing_customers', marketing, marketing_spent))
    s (subject, count, amount)
  where s.count > 0;
  return null;
end $$;
