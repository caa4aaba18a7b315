import { check } from './check.ts'

/** What was paid here has its invoice, what went back its cancellation, and no number is missing. */
export const invoiceChecks = [
  check(
    'Invoices are numbered from 1 to the last without a gap, year by year',
    (db) => db`
      select account_id, format('invoice_counters %s', year) as subject,
             format('last_number is %s, there are %s numbers up to %s', coalesce(c.last_number, 0), coalesce(i.numbers, 0),
                    coalesce(i.last_number, 0)) as problem
      from invoice_counters c
      full join (select account_id, year, count(distinct sequence) as numbers, max(sequence) as last_number
                 from invoices group by 1, 2) i using (account_id, year)
      where (c.last_number, c.last_number) is distinct from (i.numbers, i.last_number)`,
  ),
  check(
    'An order that was paid here has one invoice over its total, and no other order has one',
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('is %s by %s, has %s invoices over %s', o.total_minor, o.payment_provider, coalesce(i.invoices, 0),
                    coalesce(i.total_minor, 0)) as problem
      from orders o
      left join (select account_id, order_id, count(*) as invoices, sum(total_minor) as total_minor
                 from invoices where refund_id is null group by 1, 2) i
        on i.account_id = o.account_id and i.order_id = o.id
      where case when o.payment_provider in ('stripe', 'test') and o.total_minor > 0
                 then (i.invoices, i.total_minor) is distinct from (1, o.total_minor) else i.invoices > 0 end`,
  ),
  check(
    'A refund of an invoiced order has one cancellation over its amount once the money has gone, and none else',
    (db) => db`
      with papers as (
        select account_id, refund_id, min(order_id) as order_id, max(order_id) as last_order_id,
               count(*) filter (where kind = 'cancellation') as cancellations,
               count(*) filter (where kind = 'invoice') as invoices, sum(total_minor) as total_minor
        from invoices where refund_id is not null group by 1, 2
      )
      select r.account_id, 'refunds ' || r.id as subject,
             format('is %s by %s, has %s cancellations and %s invoices of order %s, which make %s', r.amount_minor, r.status,
                    coalesce(p.cancellations, 0), coalesce(p.invoices, 0), p.order_id, coalesce(p.total_minor, 0)) as problem
      from refunds r
      left join papers p on p.account_id = r.account_id and p.refund_id = r.id
      where exists (select from invoices i where i.account_id = r.account_id and i.order_id = r.order_id)
        and not case when r.status = 'succeeded'
                then coalesce((p.cancellations, p.invoices, p.total_minor, p.order_id, p.last_order_id)
                              = (1, 0, -r.amount_minor, r.order_id, r.order_id), false)
                when p.refund_id is null then true
                else (p.cancellations, p.invoices, p.total_minor, p.order_id, p.last_order_id, r.status)
                     = (1, 1, 0, r.order_id, r.order_id, 'failed') end`,
  ),
  check(
    "What stands of an order's invoice is what was paid, less what was refunded",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('is %s less %s, its papers make %s', o.total_minor, o.refunded_minor, i.total_minor) as problem
      from orders o
      join (select account_id, order_id, sum(total_minor) as total_minor from invoices group by 1, 2) i
        on i.account_id = o.account_id and i.order_id = o.id
      where o.total_minor - o.refunded_minor <> i.total_minor`,
  ),
  check(
    "An invoice's lines and the amounts under its tax rates add up to its total, its taxes to its order's",
    (db) => db`
      select i.account_id, 'invoices ' || i.id as subject,
             format('total_minor is %s, its tax rates make %s and its lines %s', i.total_minor, t.gross, l.total) as problem
      from invoices i
      cross join lateral (select coalesce(sum((x ->> 'gross')::bigint), 0) as gross
                          from jsonb_array_elements(i.document -> 'taxes') x) t
      cross join lateral (select sum((x ->> 'total')::bigint) as total from jsonb_array_elements(i.document -> 'lines') x) l
      where i.total_minor <> t.gross or i.total_minor <> coalesce(l.total, case when i.refund_id is not null then t.gross else 0 end)`,
    (db) => db`
      select i.account_id, 'invoices ' || i.id as subject,
             format('its taxes make %s, those of its order %s', t.tax, o.tax_minor) as problem
      from invoices i
      join (select account_id, order_id, sum(tax_minor) as tax_minor from order_lines group by 1, 2) o
        on o.account_id = i.account_id and o.order_id = i.order_id
      cross join lateral (select coalesce(sum((x ->> 'tax')::bigint), 0) as tax
                          from jsonb_array_elements(i.document -> 'taxes') x) t
      where i.refund_id is null and t.tax <> o.tax_minor`,
    (db) => db`
      select i.account_id, 'orders ' || o.id as subject,
             format('nothing is left of its invoice, but %s of its taxes', sum(t.tax)) as problem
      from orders o
      join invoices i on i.account_id = o.account_id and i.order_id = o.id
      cross join lateral (select coalesce(sum((x ->> 'tax')::bigint), 0) as tax
                          from jsonb_array_elements(i.document -> 'taxes') x) t
      where o.refunded_minor = o.total_minor
      group by i.account_id, o.id having sum(t.tax) <> 0`,
  ),
]
