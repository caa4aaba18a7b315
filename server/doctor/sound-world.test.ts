import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { expect, type Organizer, openWorld, type World } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { importOrders } from '../imports/import-orders.ts'
import { foldDailyTotals } from '../platform/daily-totals.ts'
import { checks } from './checks.ts'
import { examineIn, type Report } from './examine.ts'

/**
 * A box office in which everything has happened once. Account 1: Jane's orders 1 (partly refunded), 2 (a refund pending,
 * one failed), 4 (free, for event 2) and 5 (imported, beyond the stock), Bob's order 3 (archived and cancelled); checkouts
 * 5 (pending), 6 (given up) and 7 (declined once, its time over). Account 2: order 6, for event 3, at
 * a tenth off.
 */
export async function soundWorld(): Promise<World> {
  const world = await openWorld()
  const club = await world.organizer()
  const showcase = await world.event(club, { stock: 12, capacity: 14, taxRate: '19.0' })
  await sellAndRefund(world, club, showcase)
  await leaveUnpaid(world, club, showcase)
  await importSoldElsewhere(world, club)
  const rival = await world.organizer({ timeZone: 'Pacific/Auckland' })
  const tenth = { code: 'TENTH', discount_type: 'percentage', discount_amount: '10', usage_limit: 5 }
  expect(201, await world.send(rival, 'POST', '/admin/promo_codes', tenth))
  await world.paidOrder(rival, { marketingConsent: true, promoCode: 'TENTH' })
  return world
}

async function sellAndRefund(world: World, club: Organizer, showcase: Sale): Promise<void> {
  const forShowcase = { eventSlug: showcase.slug, ticketId: showcase.ticketId }
  const jane = { ...forShowcase, email: 'Jane@Example.com', quantity: 2, at: '2026-04-01T10:00:00Z' }
  const bob = { ...forShowcase, email: 'bob@example.com', name: 'Bob Roe', at: '2026-04-03T23:30:00Z' }
  const janes = await world.paidOrder(club, jane)
  await world.paidOrder(club, { ...forShowcase, quantity: 4, marketingConsent: true, at: '2026-04-02T10:00:00Z' })
  const bobs = await world.paidOrder(club, bob)
  expect(200, await world.send(club, 'POST', `/admin/orders/${bobs.order_code}/archival`))
  await foldDailyTotals(world.db)
  const openDay = await world.event(club, { title: 'Open day', price: '0.00' })
  await world.paidOrder(club, {
    eventSlug: openDay.slug,
    ticketId: openDay.ticketId,
    quantity: 3,
    at: '2026-04-04T10:00:00Z',
  })
  expect(200, await world.send(club, 'POST', `/admin/orders/${janes.order_code}/refund`, { amount: '5.00' }))
  expect(200, await world.send(club, 'POST', `/admin/orders/${bobs.order_code}/cancellation`))
  await world.db`
    insert into refunds (account_id, order_id, amount_minor, status, created_at)
    values (1, 2, 100, 'pending', '2026-04-05'), (1, 2, 200, 'failed', '2026-04-05')`
}

async function leaveUnpaid(world: World, club: Organizer, showcase: Sale): Promise<void> {
  const cart = { event_slug: showcase.slug, items: [{ ticket_id: showcase.ticketId, quantity: 2 }] }
  const pending = expect(201, await world.shop(club, 'POST', '/checkouts', cart))
  const givenUp = expect(201, await world.shop(club, 'POST', '/checkouts', cart))
  expect(204, await world.shop(club, 'DELETE', `/checkouts/${givenUp.public_id}`))
  const declined = expect(201, await world.shop(club, 'POST', '/checkouts', cart))
  for (const { public_id } of [pending, declined]) {
    expect(200, await world.shop(club, 'PATCH', `/checkouts/${public_id}`, { buyer: { email: 'ann@example.com' } }))
  }
  const choice = { provider: 'test', outcome: 'decline' }
  expect(422, await world.shop(club, 'POST', `/checkouts/${declined.public_id}/payment`, choice))
  await world.db`update checkouts set expires_at = '2026-04-04T09:00:00Z' where id = 7`
  await world.db`update holds set expires_at = '2026-04-04T09:00:00Z' where checkout_id = 7`
}

interface Sale {
  slug: string
  ticketId: number
}

/** Twenty places more for Jane, paid before all others. */
const soldElsewhere = {
  ref: 'EXT-1',
  created_at: '2026-03-01T00:00:00Z',
  paid_at: '2026-03-01T00:00:00Z',
  email: 'JANE@example.com',
  name: 'Jane Doe',
  marketing_consent: true,
  event_slug: 'spring-showcase',
  event_title: 'Spring Showcase',
  items: [{ ticket_title: 'General Admission', unit_price: '10.00', quantity: 20 }],
}

async function importSoldElsewhere({ db, now }: World, { subdomain }: Organizer): Promise<void> {
  const account = await findAccountBySubdomain(db, subdomain)
  assert.ok(account)
  const file = Readable.from([Buffer.from(JSON.stringify(soldElsewhere))])
  await importOrders(db, account, file, { createEvents: false, dryRun: false, now: now() })
}

/**
 * What the doctor says where `plant` was done while all triggers slept, of all promises or only of `name`. It is undone
 * afterwards.
 */
export async function examinePlanted(world: World, { plant, name, triggersStayAsleep }: Planted): Promise<Report> {
  const undone = new Error('undone')
  const chosen = checks.filter((check) => name === undefined || check.name === name)
  let report: Report | undefined
  await world.db
    .begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx.unsafe(plant)
      if (!triggersStayAsleep) await tx`set local session_replication_role = origin`
      report = await examineIn(tx, world.now(), chosen)
      throw undone
    })
    .catch((error) => assert.equal(error, undone))
  assert.ok(report)
  return report
}

interface Planted {
  /** SQL. */
  plant: string
  name?: string
  triggersStayAsleep?: boolean
}

/** The names of the promises that the report calls broken. */
export function brokenPromises({ checks }: Report): string[] {
  return checks.filter(({ ok }) => !ok).map(({ name }) => name)
}
