import { check } from './check.ts'

/** Money that came in has its order, money that went back had come in. */
export const paymentChecks = [
  check(
    "A shop order's total is what its payment took",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             case when p.id is null then 'has no payment'
                  else format('total is %s by %s, payment %s is %s, %s %s by %s', o.total_minor, o.payment_provider, p.id,
                              p.status, p.amount_minor, p.currency, p.provider) end as problem
      from orders o
      join accounts a on a.id = o.account_id
      left join payments p on p.account_id = o.account_id and p.id = o.payment_id
      where (o.origin = 'checkout' or o.payment_id is not null)
        and (p.status, p.amount_minor, p.currency, p.provider, p.reference)
            is distinct from ('succeeded', o.total_minor, a.currency, o.payment_provider, o.payment_reference)`,
  ),
  check(
    'A succeeded payment has exactly one order',
    (db) => db`
      select p.account_id, 'payments ' || p.id as subject, format('has %s orders', count(o.id)) as problem
      from payments p
      left join orders o on o.account_id = p.account_id and o.payment_id = p.id
      where p.status = 'succeeded'
      group by p.account_id, p.id
      having count(o.id) <> 1`,
  ),
  check(
    "An order's refunded amount is the sum of its refunds",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('refunded_minor is %s, its refunds make %s', o.refunded_minor, coalesce(r.amount_minor, 0)) as problem
      from orders o
      left join (select account_id, order_id, sum(amount_minor) as amount_minor from refunds group by 1, 2) r
        on r.account_id = o.account_id and r.order_id = o.id
      where o.refunded_minor <> coalesce(r.amount_minor, 0)`,
  ),
  check(
    'No more is refunded than was paid',
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('total_minor is %s, its refunds make %s', o.total_minor, r.amount_minor) as problem
      from orders o
      join (select account_id, order_id, sum(amount_minor) as amount_minor from refunds group by 1, 2) r
        on r.account_id = o.account_id and r.order_id = o.id
      where r.amount_minor > o.total_minor`,
  ),
]
