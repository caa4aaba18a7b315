import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import type { Tx } from '../../server/platform/database.ts'
import { startServerProcess } from '../support/server-process.ts'
import { makeTwin, weakenFunction } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { queueUp } from './queue-up.ts'
import { type ShopClient, shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerProcess(start)])
type Fold = typeof foldDailyTotals

test('daily totals are exact at every moment while twenty fold them and people buy', async () => {
  const { club, unexpected, broken } = await sellWhile(fold(foldDailyTotals))

  assert.deepEqual(unexpected, [])
  assert.deepEqual(broken, [])
  await assertSumsHold(world.db, club)
})

test('daily totals follow the time zone, which changes while people buy', async () => {
  const { club, unexpected, broken } = await sellWhile(changeTimeZone)

  assert.deepEqual(unexpected, [])
  assert.deepEqual(broken, [])
  await assertSumsHold(world.db, club)
})

test('a time zone that changes while totals are being folded waits for them', async () => {
  const { club, lastTotal, changeZone } = await clubWithTotals()

  const [folded, changed] = await queueUp<unknown>(world.db, lastTotal, [() => foldDailyTotals(world.db), changeZone])

  assert.deepEqual([folded, changed], [5, 200])
  await assertSumsHold(world.db, club)
})

test('totals that are folded while the time zone changes wait or are left for the next time', async () => {
  const { club, lastTotal, changeZone } = await clubWithTotals()

  const [changed] = await queueUp<unknown>(world.db, lastTotal, [changeZone, () => foldDailyTotals(world.db)])

  assert.equal(changed, 200)
  await assertSumsHold(world.db, club)
})

test('changes are counted twice where folding adds what it saw instead of what it removed', async () => {
  const guard = 'sum(amount_minor) from gone group by'
  const instead = 'sum(amount_minor) from daily_total_changes where (select mine from turn) group by'
  const root = await makeTwin({ file: 'server/platform/daily-totals.ts', guard, instead })
  const { foldDailyTotals: foldWhatIsSeen }: { foldDailyTotals: Fold } = await import(
    `${root}/server/platform/daily-totals.ts`
  )
  const { broken } = await sellWhile(fold(foldWhatIsSeen))

  assert.match(broken.join(), /daily total/)
})

test('orders are counted on the wrong day where writers do not pin the time zone', async () => {
  const guard = 'perform pg_advisory_xact_lock_shared(7001, account);'
  const restore = await weakenFunction(world.db, 'pinned_time_zone', guard, '')
  const { broken } = await sellWhile(changeTimeZone)
  await restore()

  assert.match(broken.join(), /daily total/)
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

type Disturb = (shop: ShopClient, isOver: () => boolean, unexpected: string[]) => Promise<unknown>

/** Ten people with two addresses buy six times each while `disturb` goes on. */
async function sellWhile(disturb: Disturb) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const shop = shopClient(servers, club)
  const unexpected: string[] = []
  let isOver = false
  const buyer = async (_: unknown, index: number) => {
    for (let turn = 0; turn < 6; turn++) {
      const email = `buyer-${index}-${turn % 2}@example.com`
      const checkout = await shop.readyToPay(slug, [{ ticket_id: ticketId, quantity: 1 }], email)
      const paid = await shop.pay(checkout)
      if (paid.status !== 200) unexpected.push(`payment: ${paid.status}`)
    }
  }
  const broken = new Set<string>()
  const watch = async () => {
    while (!isOver) for (const line of await listBrokenSums(world.db, club)) broken.add(line)
  }
  const disturbed = Promise.all([watch(), disturb(shop, () => isOver, unexpected)])
  await Promise.all(Array.from({ length: 10 }, buyer)).finally(() => {
    isOver = true
  })
  await disturbed
  for (const line of await listBrokenSums(world.db, club)) broken.add(line)
  return { club, unexpected: [...new Set(unexpected)], broken: [...broken] }
}

function fold(foldOnce: Fold): Disturb {
  return async (_shop, isOver, unexpected) => {
    while (!isOver()) {
      const folds = await Promise.allSettled(Array.from({ length: 20 }, () => foldOnce(world.db)))
      for (const done of folds) if (done.status === 'rejected') unexpected.push(`fold: ${done.reason}`)
    }
  }
}

async function changeTimeZone(shop: ShopClient, isOver: () => boolean, unexpected: string[]): Promise<void> {
  while (!isOver()) {
    for (const time_zone of ['Pacific/Auckland', 'Pacific/Honolulu']) {
      const changed = await shop.ask('PATCH', '/admin/settings', { time_zone })
      if (changed.status !== 200) unexpected.push(`time zone: ${changed.status}`)
    }
  }
}
