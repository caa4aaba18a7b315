import type { Db, Fragment } from '../platform/database.ts'
import { check } from './check.ts'

/** Money that came in has its order, money that went back had come in. */
export const paymentChecks = [
  check(
    "A shop order's total is what its payment took",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             case when p.id is null then 'has no payment'
                  else format('is %s by %s, its payment %s is %s, %s %s by %s%s', o.total_minor, o.payment_provider, p.id,
                              p.status, p.amount_minor, p.currency, p.provider,
                              case when p.reference is distinct from o.payment_reference
                                   then ', under another reference' else '' end) end as problem
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
    "An order's refunded amounts, gone and on their way, are the sums of its refunds",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('refunded_minor is %s and pending_refund_minor %s, its refunds make %s and %s', o.refunded_minor,
                    o.pending_refund_minor, coalesce(r.succeeded, 0), coalesce(r.pending, 0)) as problem
      from orders o
      left join (${refunds(db)}) r on r.account_id = o.account_id and r.order_id = o.id
      where (o.refunded_minor, o.pending_refund_minor) <> (coalesce(r.succeeded, 0), coalesce(r.pending, 0))`,
  ),
  check(
    'No more is refunded than was paid',
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('total_minor is %s, its refunds make %s', o.total_minor, r.succeeded + r.pending) as problem
      from orders o
      join (${refunds(db)}) r on r.account_id = o.account_id and r.order_id = o.id
      where r.succeeded + r.pending > o.total_minor`,
  ),
  check(
    'Tickets are valid until their order is cancelled or all of its money is back',
    (db) => db`
      select t.account_id, format('tickets %s/%s', t.order_id, t.position) as subject,
             case when t.cancelled_at is null then 'is valid, its order has ended'
                  else 'is cancelled, its order is not' end as problem
      from tickets t
      join orders o on o.account_id = t.account_id and o.id = t.order_id
      left join (${refunds(db)}) r on r.account_id = o.account_id and r.order_id = o.id
      where (t.cancelled_at is not null)
            <> (o.cancelled_at is not null or (o.total_minor > 0 and coalesce(r.succeeded, 0) >= o.total_minor))`,
  ),
  check(
    'Money that may not stay goes back within a day',
    (db, now) => db`
      select account_id, 'payments ' || id as subject,
             format('%s %s by %s are still on their way back', amount_minor, currency, provider) as problem
      from payments where status = 'returning' and created_at < ${now}::timestamptz - interval '1 day'`,
  ),
]

function refunds(db: Db): Fragment {
  return db`
    select account_id, order_id,
           coalesce(sum(amount_minor) filter (where status = 'succeeded'), 0) as succeeded,
           coalesce(sum(amount_minor) filter (where status = 'pending'), 0) as pending
    from refunds group by 1, 2`
}
