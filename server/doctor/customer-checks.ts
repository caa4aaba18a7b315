import { check } from './check.ts'

/** A customer is the sum of paid orders. */
export const customerChecks = [
  check(
    'A customer has a paid order',
    (db) => db`
      select c.account_id, 'customers ' || c.id as subject, 'has none' as problem
      from customers c
      where not exists (select from orders o where o.account_id = c.account_id and o.customer_id = c.id)`,
  ),
  check(
    'An order belongs to the customer with its e-mail, which is what was typed at its checkout',
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject, format('has another e-mail than customer %s', c.id) as problem
      from orders o
      join customers c on c.account_id = o.account_id and c.id = o.customer_id
      where c.email <> o.customer_email`,
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject, format('has another e-mail than checkout %s', c.id) as problem
      from checkouts c
      join orders o on o.account_id = c.account_id and o.id = c.order_id
      where c.buyer ->> 'email' is distinct from o.customer_email`,
  ),
  check(
    'What a customer has spent is what was paid, less what was refunded',
    (db) => db`
      with paid as (
        select o.account_id, o.customer_id,
               sum(coalesce(p.amount_minor, l.total_minor, 0) - coalesce(r.amount_minor, 0)) as amount_minor
        from orders o
        left join payments p on p.account_id = o.account_id and p.id = o.payment_id
        left join (select account_id, order_id, sum(total_minor) as total_minor from order_lines group by 1, 2) l
          on l.account_id = o.account_id and l.order_id = o.id
        left join (select account_id, order_id, sum(amount_minor) as amount_minor
                   from refunds where status = 'succeeded' group by 1, 2) r
          on r.account_id = o.account_id and r.order_id = o.id
        group by 1, 2
      )
      select c.account_id, 'customers ' || c.id as subject,
             format('total_spent_minor is %s, payments and refunds make %s', c.total_spent_minor,
                    coalesce(p.amount_minor, 0)) as problem
      from customers c
      left join paid p on p.account_id = c.account_id and p.customer_id = c.id
      where c.total_spent_minor <> coalesce(p.amount_minor, 0)`,
  ),
  check(
    'A customer was created with the first paid order',
    (db) => db`
      select c.account_id, 'customers ' || c.id as subject,
             format('created_at is %s, the first order was paid at %s', c.created_at, o.paid_at) as problem
      from customers c
      join (select account_id, customer_id, min(paid_at) as paid_at from orders group by 1, 2) o
        on o.account_id = c.account_id and o.customer_id = c.id
      where c.created_at <> o.paid_at`,
  ),
  check(
    'Marketing consent stands since the first order that gave it after the last withdrawal',
    (db) => db`
      select c.account_id, 'customers ' || c.id as subject,
             format('marketing_consent_at is %s, the first consent was given at %s', coalesce(c.marketing_consent_at::text, 'null'),
                    coalesce(o.paid_at::text, 'no time')) as problem
      from customers c
      left join (
        select o.account_id, o.customer_id, min(o.paid_at) as paid_at
        from orders o join customers k on k.account_id = o.account_id and k.id = o.customer_id
        where o.marketing_consent
          and (k.marketing_withdrawn_at is null
               or (o.paid_at, o.id) > (k.marketing_withdrawn_at, k.marketing_withdrawn_order_id))
        group by 1, 2
      ) o on o.account_id = c.account_id and o.customer_id = c.id
      where c.marketing_consent_at is distinct from o.paid_at`,
  ),
  check(
    'The customers of an event are those who bought for it',
    (db) => db`
      select account_id, format('customer_events %s/%s', customer_id, event_id) as subject,
             case when e.listed is null then 'is missing: there is an order' else 'is there without an order' end as problem
      from (select account_id, customer_id, event_id, true as listed from customer_events) e
      full join (select distinct account_id, customer_id, event_id, true as bought from orders) o
        using (account_id, customer_id, event_id)
      where e.listed is null or o.bought is null`,
  ),
  check(
    "An event's copy of a customer's age and consent is right",
    (db) => db`
      select e.account_id, format('customer_events %s/%s', e.customer_id, e.event_id) as subject,
             format('says %s and %s, the customer %s and %s', e.customer_created_at, e.marketing_consent, c.created_at,
                    c.marketing_consent_at is not null) as problem
      from customer_events e
      join customers c on c.account_id = e.account_id and c.id = e.customer_id
      where (e.customer_created_at, e.marketing_consent) <> (c.created_at, c.marketing_consent_at is not null)`,
  ),
  check(
    'The daily totals are what the orders, tickets and customers of each day make',
    (db) => db`
      with kept as (
        select account_id, subject, event_id, day, sum(count) as count, sum(amount_minor) as amount_minor
        from (
          select account_id, subject, event_id, day, count, amount_minor from daily_totals where day > '-infinity'
          union all
          select account_id, subject, event_id, day, count, amount_minor from daily_total_changes
        ) both_tables
        group by 1, 2, 3, 4
      )
      select account_id, format('daily_totals %s/%s/%s', subject, event_id, day) as subject,
             format('count %s and amount %s are kept, the rows make %s and %s', coalesce(k.count, 0),
                    coalesce(k.amount_minor, 0), coalesce(s.count, 0), coalesce(s.amount_minor, 0)) as problem
      from kept k
      full join daily_totals_from_scratch s using (account_id, subject, event_id, day)
      where (coalesce(k.count, 0), coalesce(k.amount_minor, 0)) <> (coalesce(s.count, 0), coalesce(s.amount_minor, 0))`,
  ),
  check(
    'The totals of all time are the sums of their days',
    (db) => db`
      select account_id, format('daily_totals %s/%s', subject, event_id) as subject,
             format('says %s and %s, its days make %s and %s', ever.count, ever.amount_minor, days.count, days.amount_minor) as problem
      from (
        select account_id, subject, event_id, sum(count) as count, sum(amount_minor) as amount_minor
        from daily_totals where day > '-infinity' group by 1, 2, 3
      ) days
      full join (
        select account_id, subject, event_id, count, amount_minor from daily_totals where day = '-infinity'
      ) ever using (account_id, subject, event_id)
      where (ever.count, ever.amount_minor) is distinct from (days.count, days.amount_minor)`,
  ),
]
