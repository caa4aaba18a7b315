-- What each ticket type brought in, net of refunds, under the subject 'ticket_type:ID' of its event (count is 0): an event's
-- page costs the same whether it sold ten tickets or a hundred thousand.

-- A refund is shared out over its order's lines in proportion, by differences of rounded running sums: the shares add up
-- to the refund exactly. `running` is the sum of the order's lines up to this one.
create function line_net(refunded bigint, order_total bigint, line_total bigint, running numeric) returns numeric
language sql immutable parallel safe as $$
  select case when refunded = 0 then line_total
    else line_total - div(refunded * running, order_total) + div(refunded * (running - line_total), order_total) end
$$;

-- An order's lines are inserted by one statement. Each order is looked up by its key, also where an import writes ten
-- thousands of lines at once.
create function sum_new_lines() returns trigger language plpgsql
  set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select l.account_id, 'ticket_type:' || l.ticket_type_id, o.event_id, (o.paid_at at time zone z.zone)::date, 0,
         sum(line_net(o.refunded_minor, o.total_minor, l.total_minor, l.running))
  from (select *, sum(total_minor) over (partition by account_id, order_id order by position) as running from new_rows) l
  join orders o on o.account_id = l.account_id and o.id = l.order_id
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = l.account_id
  group by 1, 2, 3, 4;
  return null;
end $$;
create trigger sum_new_lines after insert on order_lines
  referencing new table as new_rows for each statement execute function sum_new_lines();
alter table order_lines enable always trigger sum_new_lines;

create function sum_refunded_lines() returns trigger language plpgsql as $$
begin
  if not exists (
    select from new_rows n join old_rows o using (account_id, id) where n.refunded_minor <> o.refunded_minor
  ) then
    return null;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select l.account_id, 'ticket_type:' || l.ticket_type_id, n.event_id, (n.paid_at at time zone z.zone)::date, 0,
         sum(line_net(n.refunded_minor, n.total_minor, l.total_minor, l.running)
           - line_net(o.refunded_minor, o.total_minor, l.total_minor, l.running))
  from new_rows n
  join old_rows o using (account_id, id)
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = n.account_id
  cross join lateral (
    select l.*, sum(total_minor) over (order by position) as running
    from order_lines l where l.account_id = n.account_id and l.order_id = n.id
  ) l
  where n.refunded_minor <> o.refunded_minor
  group by 1, 2, 3, 4;
  return null;
end $$;
create trigger sum_refunded_lines after update on orders
  referencing old table as old_rows new table as new_rows for each statement execute function sum_refunded_lines();

create or replace view daily_totals_from_scratch as
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
group by 1, 2, 3, 4
union all
select l.account_id, 'ticket_type:' || l.ticket_type_id, l.event_id, (l.paid_at at time zone a.time_zone)::date, 0,
       sum(line_net(l.refunded_minor, l.order_total_minor, l.total_minor, l.running_minor))::bigint
from (
  select l.account_id, l.ticket_type_id, l.total_minor, o.event_id, o.paid_at, o.refunded_minor,
         o.total_minor as order_total_minor,
         sum(l.total_minor) over (partition by l.account_id, l.order_id order by l.position) as running_minor
  from order_lines l join orders o on o.account_id = l.account_id and o.id = l.order_id
) l
join accounts a on a.id = l.account_id
group by 1, 2, 3, 4;

insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
select account_id, subject, event_id, day, count, amount_minor
from daily_totals_from_scratch where subject like 'ticket\_type:%';

create index tickets_redeemed on tickets (account_id, event_id) where redeemed_at is not null and cancelled_at is null;
