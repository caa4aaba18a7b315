import { prepared, serve } from './connect.ts'
import { accountOf, ever, periods, totals } from './stored.ts'

/** Floors of the customers list: `/page/NAME` reads the page alone, `/equal/NAME` does the route's three reads. */

const { month, year } = await periods()
const account = Number(process.env.ACCOUNT_ID)
const slug = process.env.EVENT_SLUG ?? ''
const lists = {
  default: { since: month, event: '', consent: false },
  all_time: { since: ever, event: '', consent: false },
  event_slug: { since: ever, event: slug, consent: false },
  marketing_only: { since: ever, event: '', consent: true },
  combined: { since: year, event: slug, consent: true },
}
type List = (typeof lists)['default']

const columns = `c.id, c.email, c.name, c.company, c.salutation, c.title, c.phone, c.total_spent_minor,
  c.marketing_consent_at, c.created_at`

const page = ({ event, consent }: List) =>
  event === ''
    ? `select ${columns} from customers c where account_id = $1 and created_at >= $2
       ${consent ? 'and marketing_consent_at is not null' : ''} order by created_at desc, id desc limit 51`
    : `select ${columns} from customer_events e join customers c on c.account_id = e.account_id and c.id = e.customer_id
       where e.account_id = $1 and e.customer_created_at >= $2 ${consent ? 'and e.marketing_consent' : ''}
         and e.event_id = (select event_id from event_slugs where account_id = $1 and slug = $3)
       order by e.customer_created_at desc, e.customer_id desc limit 51`

const pages = new Map(Object.entries(lists).map(([name, list]) => [name, { ...list, text: page(list) }]))
const read = (id: number, { text, since, event }: List & { text: string }) =>
  prepared(text, event === '' ? [id, since] : [id, since, event])

serve(async (path, token) => {
  const [, kind, name = ''] = path.split('/')
  const list = pages.get(name)
  if (!list) return { status: 'ready' }
  if (kind === 'page') return { customers: await read(account, list) }
  const id = await accountOf(token)
  const subject = list.consent ? 'marketing_customers' : 'customers'
  const [customers, stats] = await Promise.all([read(id, list), totals(id, subject, list.event, list.since)])
  return { customers, stats }
})
