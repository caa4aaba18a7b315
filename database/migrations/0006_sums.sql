-- The one path of every sum: refunds -> orders -> customers -> daily totals; tickets -> places sold.

-- A ticket that is not cancelled fills a place, and counts under 'tickets' on the day that its order was paid.
create type ticket_change as (account_id integer, order_id integer, event_id integer, ticket_type_id integer, places integer);

create function count_tickets(changes ticket_change[]) returns void language plpgsql as $$
begin
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select o.account_id, 'tickets', v.event_id, (o.paid_at at time zone z.zone)::date, sum(c.places), 0
  from unnest(changes) c
  join orders o on o.account_id = c.account_id and o.id = c.order_id
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from unnest(changes)) d) z
    on z.a = c.account_id
  cross join lateral (values (0), (c.event_id)) v (event_id)
  group by 1, 2, 3, 4;
  if not is_bulk_load() then
    perform add_places(account_id, event_id, array_agg(ticket_type_id), array_agg(places), array_agg(0))
    from (select account_id, event_id, ticket_type_id, sum(places)::integer as places
          from unnest(changes) group by 1, 2, 3 order by 1, 2, 3) d
    group by account_id, event_id;
  end if;
end $$;

create function count_issued_tickets() returns trigger language plpgsql as $$
begin
  perform count_tickets(array_agg((account_id, order_id, event_id, ticket_type_id, places)::ticket_change))
  from (select account_id, order_id, event_id, ticket_type_id, count(*)::integer as places
        from new_rows where cancelled_at is null group by 1, 2, 3, 4) c
  having count(*) > 0;
  return null;
end $$;

create function count_changed_tickets() returns trigger language plpgsql as $$
begin
  perform count_tickets(array_agg((account_id, order_id, event_id, ticket_type_id, places)::ticket_change))
  from (select account_id, order_id, event_id, ticket_type_id, sum(places)::integer as places
        from (select account_id, order_id, event_id, ticket_type_id, 1 as places from new_rows where cancelled_at is null
              union all
              select account_id, order_id, event_id, ticket_type_id, -1 from old_rows where cancelled_at is null) d
        group by 1, 2, 3, 4 having sum(places) <> 0) c
  having count(*) > 0;
  return null;
end $$;

create trigger count_issued_tickets after insert on tickets
  referencing new table as new_rows for each statement execute function count_issued_tickets();
create trigger count_changed_tickets after update on tickets
  referencing old table as old_rows new table as new_rows for each statement execute function count_changed_tickets();

create function sum_refunds() returns trigger language plpgsql as $$
begin
  if not is_bulk_load() then
    update orders o set refunded_minor = o.refunded_minor + d.amount_minor
    from (select account_id, order_id, sum(amount_minor) as amount_minor from new_rows group by 1, 2) d
    where o.account_id = d.account_id and o.id = d.order_id;
  end if;
  return null;
end $$;
create trigger sum_new_refunds after insert on refunds
  referencing new table as new_rows for each statement execute function sum_refunds();

-- Orders count under 'orders', archived ones under 'archived_orders', in money net of refunds.
create function sum_orders() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select account_id, subject, e, day, count(*), sum(net)
    from (select o.account_id, case when archived_at is null then 'orders' else 'archived_orders' end as subject,
                 event_id, (paid_at at time zone z.zone)::date as day, total_minor - refunded_minor as net
          from new_rows o
          join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
            on z.a = o.account_id) r
    cross join lateral (values (0), (event_id)) v (e)
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
create trigger sum_new_orders after insert on orders
  referencing new table as new_rows for each statement execute function sum_orders();
create trigger sum_changed_orders after update on orders
  referencing old table as old_rows new table as new_rows for each statement execute function sum_orders();

-- Customers count under 'customers', those with a standing consent under 'marketing_customers' as well, on the day of
-- their first order, with their lifetime spend; once for all events (0) and once for each event they bought for.
create function sum_customers() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select c.account_id, s.subject, 0, (created_at at time zone z.zone)::date, count(*), sum(total_spent_minor)
    from new_rows c
    join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
      on z.a = c.account_id
    cross join lateral (values ('customers', true), ('marketing_customers', marketing_consent_at is not null))
      s (subject, counts)
    where s.counts
    group by 1, 2, 3, 4;
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
create trigger sum_new_customers after insert on customers
  referencing new table as new_rows for each statement execute function sum_customers();
create trigger sum_changed_customers after update on customers
  referencing old table as old_rows new table as new_rows for each statement execute function sum_customers();

-- The customer's row is locked first: a purchase of theirs that commits meanwhile would be missing from the event's sum.
create function sum_customer_events() returns trigger language plpgsql as $$
begin
  perform from customers c
  where (c.account_id, c.id) in (select account_id, customer_id from new_rows)
  order by c.account_id, c.id for no key update;
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
create trigger sum_new_customer_events after insert on customer_events
  referencing new table as new_rows for each statement execute function sum_customer_events();

-- What the daily totals must be, from the rows themselves: read by `foyer doctor`, and when an account's days change.
create view daily_totals_from_scratch as
with events_of_customer as (
  select account_id, id as customer_id, 0 as event_id from customers
  union all
  select account_id, customer_id, event_id from customer_events
)
select account_id, subject, event_id, day, count(*)::integer as count, sum(amount_minor)::bigint as amount_minor
from (
  select c.account_id, s.subject, e.event_id, (c.created_at at time zone a.time_zone)::date as day,
         c.total_spent_minor as amount_minor
  from customers c
  join accounts a on a.id = c.account_id
  join events_of_customer e on e.account_id = c.account_id and e.customer_id = c.id
  cross join lateral (values ('customers', true), ('marketing_customers', c.marketing_consent_at is not null))
    s (subject, counts)
  where s.counts
  union all
  select o.account_id, case when o.archived_at is null then 'orders' else 'archived_orders' end, v.event_id,
         (o.paid_at at time zone a.time_zone)::date, o.total_minor - o.refunded_minor
  from orders o
  join accounts a on a.id = o.account_id
  cross join lateral (values (0), (o.event_id)) v (event_id)
) counted
group by 1, 2, 3, 4
union all
select o.account_id, 'tickets', v.event_id, (o.paid_at at time zone a.time_zone)::date, count(*)::integer, 0
from tickets t
join orders o on o.account_id = t.account_id and o.id = t.order_id
join accounts a on a.id = t.account_id
cross join lateral (values (0), (t.event_id)) v (event_id)
where t.cancelled_at is null
group by 1, 2, 3, 4;

-- Changes the account's time zone and with it every day that was counted. Waits for writers, and writers wait for it.
create function change_time_zone(account integer, zone text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7001, account);
  perform pg_advisory_xact_lock(7002); -- folding pauses: what it is just moving could not be seen here
  update accounts set time_zone = zone where id = account;
  delete from daily_totals where account_id = account;
  delete from daily_total_changes where account_id = account;
  insert into daily_totals (account_id, subject, event_id, day, count, amount_minor)
  select account_id, subject, event_id, day, count, amount_minor
  from daily_totals_from_scratch where account_id = account;
end $$;
