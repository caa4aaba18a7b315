import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { isDatabaseAway, openPool } from '../platform/database.ts'
import { importOrders } from './import-orders.ts'

const world = await openWorld()
const lines = 12_000

const line = (n: number) => ({
  ref: `R-${n}`,
  paid_at: '2026-04-20T12:00:00Z',
  email: `buyer-${n}@example.com`,
  event_slug: 'spring-showcase',
  items: [{ ticket_title: 'General Admission', unit_price: '21.00', quantity: 2 }],
})

for (const [when, after] of [
  ['in the middle of the file', lines / 2],
  ['after the last line was read', lines],
] as const) {
  test(`where the database ends the connection ${when} the import fails soon, and leaves nothing`, {
    timeout: 30_000,
  }, async () => {
    const club = await world.organizer()
    const { id } = await world.event(club)
    const account = await findAccountBySubdomain(world.db, club.subdomain)
    assert.ok(account)
    const db = openPool(world.url, { max: 1, name: 'doomed import' })
    async function* source() {
      for (let n = 1; n <= lines; n++) {
        yield Buffer.from(`${JSON.stringify(line(n))}\n`)
        if (n === after)
          await world.db`
            select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'doomed import'`
      }
    }

    const importing = importOrders(db, account, source(), { createEvents: false, dryRun: false, now: world.now() })
    await assert.rejects(importing, isDatabaseAway)

    const orders = await world.db`select from orders where account_id = ${club.id} and event_id = ${id}`
    assert.equal(orders.length, 0)
    await db.end({ timeout: 1 })
  })
}
