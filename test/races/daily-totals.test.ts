import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import { startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin, weakenFunction } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { type ShopClient, shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerHere(start)])
type Fold = typeof foldDailyTotals

test('daily totals are exact at every moment while twenty fold them and people buy', async () => {
  const { club, unexpected, broken } = await sellWhile(foldTwentyTimes(foldDailyTotals))

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

test('changes are counted twice where folding adds what it saw instead of what it removed', async () => {
  const guard = 'sum(amount_minor) from gone group by'
  const instead = 'sum(amount_minor) from daily_total_changes where (select mine from turn) group by'
  const root = await makeTwin({ file: 'server/platform/daily-totals.ts', guard, instead })
  const { foldDailyTotals: foldWhatIsSeen }: { foldDailyTotals: Fold } = await import(
    `${root}/server/platform/daily-totals.ts`
  )
  const { broken } = await sellWhile(foldTwentyTimes(foldWhatIsSeen))

  assert.match(broken.join(), /daily total/)
})

test('orders are counted on the wrong day where writers do not pin the time zone', async () => {
  const guard = 'perform pg_advisory_xact_lock_shared(7001, account);'
  const restore = await weakenFunction(world.db, 'pinned_time_zone', guard, '')
  const { broken } = await sellWhile(changeTimeZone)
  await restore()

  assert.match(broken.join(), /daily total/)
})

/** One turn of what goes on meanwhile. */
type Disturb = (shop: ShopClient, unexpected: Set<string>) => Promise<void>

/** Eight people with two addresses buy five times each, and staff refund and archive, while `disturb` goes on, and the totals are looked at meanwhile. */
async function sellWhile(disturb: Disturb) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const shop = shopClient(servers, club)
  const unexpected = new Set<string>()
  const broken = new Set<string>()
  const look = async () => {
    for (const line of await listBrokenSums(world.db, club)) broken.add(line)
  }
  const expect200 = (what: string, { status }: { status: number }) =>
    status === 200 || unexpected.add(`${what}: ${status}`)
  const buyer = async (_: unknown, index: number) => {
    for (let turn = 0; turn < 5; turn++) {
      const email = `buyer-${index}-${turn % 2}@example.com`
      const checkout = await shop.readyToPay(slug, [{ ticket_id: ticketId, quantity: 1 }], email)
      const paid = await shop.pay(checkout)
      expect200('payment', paid)
      const order = `/admin/orders/${paid.body.order?.public_id}`
      if (turn % 2 === 0) expect200('refund', await shop.ask('POST', `${order}/refund`, { amount: '1.00' }))
      else expect200('archival', await shop.ask('POST', `${order}/archival`))
    }
  }
  let isOver = false
  const buying = Promise.all(Array.from({ length: 8 }, buyer)).finally(() => {
    isOver = true
  })
  while (!isOver) await Promise.all([disturb(shop, unexpected), look()])
  await buying
  await look()
  return { club, unexpected: [...unexpected], broken: [...broken] }
}

function foldTwentyTimes(foldOnce: Fold): Disturb {
  return async (_shop, unexpected) => {
    const folds = await Promise.allSettled(Array.from({ length: 20 }, () => foldOnce(world.db)))
    for (const done of folds) if (done.status === 'rejected') unexpected.add(`fold: ${done.reason}`)
  }
}

async function changeTimeZone(shop: ShopClient, unexpected: Set<string>): Promise<void> {
  for (const time_zone of ['Pacific/Auckland', 'Pacific/Honolulu']) {
    const changed = await shop.ask('PATCH', '/admin/settings', { time_zone })
    if (changed.status !== 200) unexpected.add(`time zone: ${changed.status}`)
  }
}
