import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServerProcess } from '../support/server-process.ts'
import { makeTwin, type MissingGuard } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { holdMs, openHall, rush, ticketsPaid } from './rush.ts'
import { type Item, shopClient } from './shop-client.ts'

const world = await openWorld()
const file = 'server/ticketing/queries.ts'

test('64 buyers at two servers fill a hall of 200 to the last place and not one further', async () => {
  const { club, shop, hall, state } = await sellOut()

  const late = await Promise.all(hall.stocks.map(([id]) => shop.begin(hall.slug, [{ ticket_id: id, quantity: 1 }])))

  assert.deepEqual(state.unexpected, [])
  assert.equal(ticketsPaid(state), 200)
  assert.deepEqual(late.map((answer) => answer.status), [409, 409])
  assert.deepEqual(await ordersOf(club.id), new Map([...state.paid].map(([order, items]) => [order, countOf(items)])))
  await assertSumsHold(world.db, club)
})

test('the same buyers overfill the hall where nothing compares with its capacity', async () => {
  const guard = 'place.left + (select coalesce(sum(quantity), 0) from freed) <'
  const { club } = await sellOut({ file, guard, instead: '0 >' })

  assert.match((await listBrokenSums(world.db, club)).join(), /event \d+: sold 2[0-9][0-9], held \d+, .* of 200/)
})

test('the same buyers oversell a ticket type where nothing compares with its stock', async () => {
  const guard = 'where freed.ticket_type_id = types.id) < wanted.quantity'
  const { club } = await sellOut({ file, guard, instead: `${guard} and false` })

  assert.match((await listBrokenSums(world.db, club)).join(), /ticket type \d+: sold \d+, held \d+, .* of 60/)
})

test('of 24 buyers at once for the last three places three get one', async () => {
  const { club, begun } = await fightForLastPlaces()

  assert.deepEqual(begun, [3, 3, 3, 3, 3])
  await assertSumsHold(world.db, club)
})

test("the same 24 get more than three where the hall's row is not locked before it is read", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  const guard = 'event_id = ${hold.eventId} for no key update'
  const { club, begun } = await fightForLastPlaces({ file, guard, instead: guard.replace(' for no key update', '') })

  assert.ok(Math.max(...begun) > 3)
  assert.match((await listBrokenSums(world.db, club)).join(), /event \d+: sold 0, held \d+, .* of 3/)
})

async function serversOf(missing?: MissingGuard, environment?: Record<string, string>) {
  const root = missing && (await makeTwin(missing))
  const start = { databaseUrl: world.url, root, environment }
  return Promise.all([startServerProcess(start), startServerProcess(start)])
}

async function sellOut(missing?: MissingGuard) {
  const servers = await serversOf(missing, { HOLD_MINUTES: String(holdMs / 60_000) })
  const club = await world.organizer()
  const hall = await openHall(world, club)
  const shop = shopClient(servers, club)
  const state = await rush(shop, hall)
  return { club, shop, hall, state }
}

async function fightForLastPlaces(missing?: MissingGuard) {
  const servers = await serversOf(missing)
  const club = await world.organizer()
  const shop = shopClient(servers, club)
  const begun: number[] = []
  for (let round = 0; round < 5; round++) {
    const { slug, ticketId } = await world.event(club, { capacity: 3 })
    const answers = await Promise.all(Array.from({ length: 24 }, () => shop.begin(slug, [{ ticket_id: ticketId, quantity: 1 }])))
    begun.push(answers.filter((answer) => answer.status === 201).length)
  }
  return { club, begun }
}

const countOf = (items: Item[]) => items.reduce((sum, item) => sum + item.quantity, 0)

async function ordersOf(accountId: number): Promise<Map<string, number>> {
  const rows = await world.db<{ publicId: string; ticketCount: number }[]>`
    select public_id, ticket_count from orders where account_id = ${accountId}`
  return new Map(rows.map((row) => [row.publicId, row.ticketCount]))
}
