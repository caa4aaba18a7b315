import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import { checkDetails, checkLists } from '../model/check-lists.ts'
import type { Buy, ImportLine } from '../model/history.ts'
import { zones } from '../model/instants.ts'
import { patience } from '../model/patience.ts'
import { addresses } from '../model/people.ts'
import { importMeanwhile } from '../model/play-import.ts'
import { playPurchase } from '../model/play-purchase.ts'
import { glances, type Reading } from '../model/questions.ts'
import { openStage, type Stage } from '../model/stage.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const priceMinor = 2100

const emails = Object.entries(addresses)
  .slice(0, 5)
  .map(([stored, [typed = stored]]) => ({ stored, typed }))
const purchase: fc.Arbitrary<Buy> = fc.record({
  kind: fc.constant('buy'),
  at: fc.constant({ landmark: 'anchor', seconds: 0 } as const),
  email: fc.constantFrom(...emails),
  buyer: fc.record({ name: fc.constantFrom('Ann', 'Bob', 'Cem', ''), company: fc.constantFrom('A Ltd', null) }),
  consent: fc.boolean(),
  event: fc.nat({ max: 2 }),
  quantities: fc.constant([1, 0, 0]),
  ending: fc.constant('paid'),
  secondsToPay: fc.constant(0),
})
/** Older than the purchases, by a second: whose name is the latest does not depend on who comes first. */
const importLine: fc.Arbitrary<ImportLine> = purchase.map((act) => ({
  ...act,
  at: { landmark: 'anchor', seconds: -1 },
  items: [{ title: 3, minor: priceMinor, quantity: 1 }],
  refunds: [],
  isWrittenWithOffset: false,
}))
const importLines = fc.array(importLine, { minLength: 1, maxLength: 12, size: 'max' })
const writers = fc.array(fc.array(purchase, { minLength: 2, maxLength: 4, size: 'max' }), {
  minLength: 4,
  maxLength: 4,
})

test('while four buy at once, older orders come in, totals are folded and days change, every sum that is read is one that was true', async () => {
  const { within, parameters } = patience(4, 8)
  const property = async (plans: Buy[][], lines: ImportLine[], newZones: string[], reading: Reading) => {
    const stage = await openStage(world, 'EUR', 'Pacific/Auckland', '2026-04-04T13:59:59Z')
    const progress = { begun: 0, done: 0, isOver: false }
    const selling = Promise.all([
      ...plans.map((plan) => sell(stage, plan, progress)),
      bringIn(stage, lines, progress),
    ]).finally(() => {
      progress.isOver = true
    })
    await Promise.all([selling, changeZones(stage, newZones), ...readers.map((read) => watch(stage, progress, read))])
    await checkLists(stage, reading, stage.anchor)
    await checkDetails(stage)
  }
  const zoneChanges = fc.array(fc.constantFrom(...zones), { maxLength: 4 })
  await fc.assert(fc.asyncProperty(writers, importLines, zoneChanges, glances, within(property)), parameters)
})

interface Progress {
  begun: number
  done: number
  isOver: boolean
}

async function sell(stage: Stage, plan: Buy[], progress: Progress): Promise<void> {
  for (const act of plan) {
    progress.begun += 1
    await playPurchase(stage, act)
    progress.done += 1
    if (progress.done % 3 === 0) await foldDailyTotals(world.db)
  }
}

async function bringIn(stage: Stage, lines: ImportLine[], progress: Progress): Promise<void> {
  progress.begun += lines.length
  await importMeanwhile(stage, lines)
  progress.done += lines.length
}

/** Resolves to how many orders were counted in, and to what was spent on them. */
type Read = (stage: Stage) => Promise<{ orders?: number; rows?: number; count?: number; spentMinor: number }>

const minor = (money: { amount: string }) => Number(money.amount.replace('.', ''))
const sum = (amounts: { amount: string }[]) => amounts.reduce((total, each) => total + minor(each), 0)

const readers: Read[] = [
  async ({ club }) => {
    const { stats } = expect(200, await world.get(club, '/admin/orders?period=all&limit=1'))
    return { orders: stats.order_count, spentMinor: minor(stats.revenue) }
  },
  async ({ club }) => {
    const { orders, stats } = expect(200, await world.get(club, '/admin/orders?period=all&include_archived=1'))
    assert.equal(sum(orders.map((order: { total: { amount: string } }) => order.total)), minor(stats.revenue))
    return {
      orders: stats.order_count,
      rows: orders.length,
      count: stats.order_count,
      spentMinor: minor(stats.revenue),
    }
  },
  async ({ club }) => {
    const { stats } = expect(200, await world.get(club, '/admin/customers?period=all&limit=1'))
    return { spentMinor: minor(stats.total_spent) }
  },
  async ({ club }) => {
    const { customers, stats } = expect(200, await world.get(club, '/admin/customers?period=all'))
    assert.equal(
      sum(customers.map((customer: { total_spent: { amount: string } }) => customer.total_spent)),
      minor(stats.total_spent),
    )
    return { rows: customers.length, count: stats.customer_count, spentMinor: minor(stats.total_spent) }
  },
]

/** Asks again and again: never less than was sold before the question, never more than was begun before the answer. */
async function watch(stage: Stage, progress: Progress, read: Read): Promise<void> {
  for (let before = 0; !progress.isOver; ) {
    const atLeast = Math.max(before, progress.done)
    const { orders, rows, count, spentMinor } = await read(stage)
    const sold = spentMinor / priceMinor
    assert.ok(sold >= atLeast && sold <= progress.begun, `${sold} sold, of ${atLeast} to ${progress.begun}`)
    assert.equal(orders ?? sold, sold)
    assert.equal(rows, count)
    before = sold
  }
}

/** A change is refused where the import of a slow machine is in its way for long: then asked for again, while others sell. */
async function changeZones(stage: Stage, newZones: string[]): Promise<void> {
  const change = (zone: string) => world.send(stage.club, 'PATCH', '/admin/settings', { time_zone: zone })
  for (const zone of newZones) {
    let answer = await change(zone)
    while (answer.status === 409) answer = await change(zone)
    expect(200, answer)
    stage.ledger.timeZone = zone
  }
}
