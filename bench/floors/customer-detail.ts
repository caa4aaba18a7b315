import { prepared, serve } from './connect.ts'
import { accountOf } from './stored.ts'

/** The floor of one customer with all orders: `/ID`, token by hash, the customer, the orders. */
serve(async (path, token) => {
  const id = Number(path.slice(1))
  if (!id) return { status: 'ready' }
  const account = await accountOf(token)
  const [[customer], orders] = await Promise.all([
    prepared(
      `select id, email, name, company, salutation, title, phone, total_spent_minor, marketing_consent_at, created_at
       from customers where account_id = $1 and id = $2`,
      [account, id],
    ),
    prepared(
      `select public_id, order_code, origin, customer_name, customer_email, staff_note, total_minor, refunded_minor,
         payment_provider, ticket_count, line_count, attribution, archived_at, created_at, paid_at
       from orders where account_id = $1 and customer_id = $2 order by paid_at desc, id desc`,
      [account, id],
    ),
  ])
  return { ...customer, orders }
})
