import { prepared, serve } from './connect.ts'
import { accountOf, ever, totals } from './stored.ts'

/** The floor of the event page: `/SLUG`, token by hash, the event with its places, ticket types and stored sums. */
serve(async (path, token) => {
  const slug = path.slice(1)
  if (slug === 'readyz') return { status: 'ready' }
  const account = await accountOf(token)
  const [[event], tickets, stats] = await Promise.all([
    prepared(
      `select e.*, v.name, v.city, p.sold, p.held from event_slugs s
       join events e on e.account_id = s.account_id and e.id = s.event_id
       join venues v on v.account_id = e.account_id and v.id = e.venue_id
       join event_places p on p.account_id = e.account_id and p.event_id = e.id
       where s.account_id = $1 and s.slug = $2`,
      [account, slug],
    ),
    prepared(
      `select t.title, t.sold, t.stock, t.price_minor from ticket_types t
       join event_slugs s on s.account_id = t.account_id and s.event_id = t.event_id
       where s.account_id = $1 and s.slug = $2 order by t.position, t.id`,
      [account, slug],
    ),
    totals(account, 'orders', slug, ever),
  ])
  return { ...event, tickets, stats }
})
