import { prepared, serve } from './connect.ts'
import { accountOf, ever, periods, totals } from './stored.ts'

/** Floors of the orders list: `/page/NAME` reads the page alone, `/equal/NAME` does the route's three reads. */

const { month } = await periods()
const account = Number(process.env.ACCOUNT_ID)
const slug = process.env.EVENT_SLUG ?? ''
const lists = new Map([
  ['default', { since: month, event: '' }],
  ['all_time', { since: ever, event: '' }],
  ['event_slug', { since: ever, event: slug }],
])
const columns = `public_id, order_code, origin, customer_name, customer_email, staff_note, total_minor, refunded_minor,
  payment_provider, ticket_count, line_count, attribution, archived_at, created_at, paid_at`

const read = (id: number, since: string, event: string) =>
  prepared(
    `select ${columns} from orders where account_id = $1 and archived_at is null and paid_at >= $2
     ${event && 'and event_id = (select event_id from event_slugs where account_id = $1 and slug = $3)'}
     order by paid_at desc, id desc limit 51`,
    event ? [id, since, event] : [id, since],
  )

serve(async (path, token) => {
  const [, kind, name = ''] = path.split('/')
  const list = lists.get(name)
  if (!list) return { status: 'ready' }
  if (kind === 'page') return { orders: await read(account, list.since, list.event) }
  const id = await accountOf(token)
  const [orders, stats] = await Promise.all([
    read(id, list.since, list.event),
    totals(id, 'orders', list.event, list.since),
  ])
  return { orders, stats }
})
