import { Readable } from 'node:stream'
import { eventSlug, orderLines } from '../../bench/order-lines.ts'
import { importOrders } from '../../server/imports/import-orders.ts'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import type { Pool } from '../../server/platform/database.ts'
import { type Organizer, openWorld, type World } from '../support/world.ts'
import { addCrowd } from './crowd.ts'

export interface LargeWorld {
  world: World
  /** 20,000 customers, unless said otherwise, with 26,000 orders over three years for 20 events, and 2,000 events before those. */
  large: Organizer
  /** 200 customers, beside the large one. */
  small: Organizer
}

/** An event of the large account for which about 1,100 orders were placed; all are archived. */
export const archivedEvent = eventSlug(4)
/** One of as many orders, which are not. */
export const largeEvent = eventSlug(9)

/** Large enough that PostgreSQL takes an index because it is cheaper, and not because it was told to. */
export async function openLargeWorld(customers = 20_000): Promise<LargeWorld> {
  const world = await openWorld()
  const large = await world.organizer({ subdomain: 'large' })
  const small = await world.organizer({ subdomain: 'small' })
  await addCrowd(world.db)
  await addOrders(world, small, 200)
  await addOrders(world, large, customers)
  await addHistory(world.db, large.id)
  await foldDailyTotals(world.db)
  await addUnfoldedChanges(world.db)
  await world.db`vacuum (analyze)` // as PostgreSQL does by itself within minutes
  return { world, large, small }
}

async function addOrders(world: World, who: Organizer, customers: number): Promise<void> {
  const account = { ...who, name: who.subdomain, locale: 'en' as const, holdMinutes: null }
  const lines = Readable.from(orderLines(1, customers, world.now()))
  await importOrders(world.db, account, lines, { createEvents: true, dryRun: false, now: world.now() })
}

/** What comes of selling for years. */
async function addHistory(db: Pool, accountId: number): Promise<void> {
  await db`
    insert into events (account_id, venue_id, slug, title, starts_at, ends_at, sales_ends_at, published, created_at)
    select account_id, min(id), 'past-' || n, 'Past ' || n, at, at, at, true, '2015-01-01Z'
    from venues, generate_series(1, 2000) n, lateral (select timestamptz '2015-01-01Z' + n * interval '1 day' as at) t
    where account_id = ${accountId} group by account_id, n, at`
  await db`
    update orders set archived_at = paid_at
    where account_id = ${accountId} and event_id in (select id from events where slug = ${archivedEvent})`
  await db`insert into invoice_counters (account_id, year, last_number) values (${accountId}, 2025, 5000)`
  await db`
    insert into invoices (account_id, order_id, kind, year, sequence, issued_at, total_minor, document)
    select account_id, id, 'invoice', 2025, row_number() over (order by id), paid_at, total_minor, '{}'
    from orders where account_id = ${accountId} order by id limit 5000`
  await db`
    insert into refunds (account_id, order_id, amount_minor, status, created_at)
    select account_id, id, 100, case when id % 1000 = 0 then 'pending' else 'failed' end, '2026-04-22T12:00:00Z'
    from orders where account_id = ${accountId} and refunded_minor = 0 order by id limit 5000`
}

/** What two busy seconds append before they are folded; in sum nothing. */
async function addUnfoldedChanges(db: Pool): Promise<void> {
  await db`
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select id, subject, 0, '2026-04-22', sign, sign * 100
    from accounts, unnest(array['customers', 'orders']) subject, unnest(array[1, -1]) sign, generate_series(1, 10)`
}
