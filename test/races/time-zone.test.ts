import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import type { Tx } from '../../server/platform/database.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold } from './broken-sums.ts'
import { queueUp } from './queue-up.ts'

const world = await openWorld()

test('a time zone that changes while totals are being folded waits for them', async () => {
  const { club, lastTotal, changeZone } = await clubWithTotals()

  const [, changed] = await queueUp<unknown>(world.db, lastTotal, [() => foldDailyTotals(world.db), changeZone])

  assert.equal(changed, 200)
  await assertSumsHold(world.db, club)
})

test('totals that are folded while the time zone changes wait or are left for the next time', async () => {
  const { club, lastTotal, changeZone } = await clubWithTotals()

  const [changed] = await queueUp<unknown>(world.db, lastTotal, [changeZone, () => foldDailyTotals(world.db)])

  assert.equal(changed, 200)
  await assertSumsHold(world.db, club)
})

/** With totals of one event, changes that wait to be folded into them, and others of a second event. */
async function clubWithTotals() {
  const club = await world.organizer()
  await foldDailyTotals(world.db)
  await world.paidOrder(club, { email: 'first@example.com' })
  await foldDailyTotals(world.db)
  await world.paidOrder(club, { email: 'second@example.com' })
  const { slug, ticketId } = await world.event(club)
  await world.paidOrder(club, { email: 'second@example.com', eventSlug: slug, ticketId })
  const lastTotal = (tx: Tx) =>
    tx`select from daily_totals where account_id = ${club.id} order by ctid desc limit 1 for update`
  const changeZone = async () =>
    (await world.send(club, 'PATCH', '/admin/settings', { time_zone: 'Pacific/Auckland' })).status
  return { club, lastTotal, changeZone }
}
