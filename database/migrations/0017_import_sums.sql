-- A bulk load counts its tickets with their orders, a row each, and not ticket by ticket: all of them are valid, or none is
-- where the whole order was refunded.
create or replace function count_issued_tickets() returns trigger language plpgsql as $$
begin
  if not is_bulk_load() then
    perform count_tickets(array_agg((account_id, order_id, event_id, ticket_type_id, places)::ticket_change))
    from (select account_id, order_id, event_id, ticket_type_id, count(*)::integer as places
          from new_rows where cancelled_at is null group by 1, 2, 3, 4) c
    having count(*) > 0;
  end if;
  return null;
end $$;

create or replace function sum_orders() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select o.account_id, s.subject, v.event_id, (paid_at at time zone z.zone)::date, sum(s.count), sum(s.net)
    from new_rows o
    join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
      on z.a = o.account_id
    cross join lateral (values
      (case when archived_at is null then 'orders' else 'archived_orders' end, 1, total_minor - refunded_minor),
      ('tickets', case when is_bulk_load() and (refunded_minor < total_minor or total_minor = 0) then ticket_count end, 0)
    ) s (subject, count, net)
    cross join lateral (values (0), (o.event_id)) v (event_id)
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

-- A bulk load has locked the customers already. Each is looked up by its key: the planner would rather read all customers
-- for ten thousand of them.
create or replace function sum_customer_events() returns trigger language plpgsql
  set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  if not is_bulk_load() then
    perform from customers c
    where (c.account_id, c.id) in (select account_id, customer_id from new_rows)
    order by c.account_id, c.id for no key update;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select c.account_id, s.subject, e.event_id, (c.created_at at time zone z.zone)::date, count(*), sum(total_spent_minor)
  from new_rows e
  join customers c on c.account_id = e.account_id and c.id = e.customer_id
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = e.account_id
  cross join lateral (values ('customers', true), ('marketing_customers', c.marketing_consent_at is not null))
    s (subject, counts)
  where s.counts
  group by 1, 2, 3, 4;
  return null;
end $$;
