import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { type MissingGuard, makeTwin } from '../support/twin.ts'
import { expect, openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { holdMs, openHall, rush, ticketsPaid } from './rush.ts'
import { type Item, shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerProcess(start)])
const file = 'server/ticketing/queries.ts'

test('64 buyers at two servers fill a hall of 200 to the last place and not one further', async () => {
  const { club, shop, hall, state } = await sellOut(servers)

  const late = await Promise.all(hall.stocks.map(([id]) => shop.begin(hall.slug, [{ ticket_id: id, quantity: 1 }])))

  assert.deepEqual(state.unexpected, [])
  assert.equal(ticketsPaid(state), 200)
  assert.deepEqual(
    late.map((answer) => answer.status),
    [409, 409],
  )
  assert.deepEqual(await ordersOf(club.id), new Map([...state.paid].map(([order, items]) => [order, countOf(items)])))
  await assertSumsHold(world.db, club)
})

test('of 24 buyers at once for the last three places three get one', async () => {
  const { club, begun } = await fightForLastPlaces(servers)

  assert.deepEqual(begun, [3, 3, 3, 3, 3])
  await assertSumsHold(world.db, club)
})

test('the same buyers oversell hall and ticket type where nothing compares with what is left', async () => {
  const guard = '} from wanted\n    where not exists ('
  const { club } = await sellOut(await twinServer({ file, guard, instead: guard.replace('not', 'true or not') }))

  const broken = (await listBrokenSums(world.db, club)).join('; ')

  assert.match(broken, /event \d+: sold [23]\d\d, held \d+, .* of 200/)
  assert.match(broken, /ticket type \d+: sold \d+, held \d+, .* of 60/)
})

test("the same 24 get more than three where they neither wait in line nor lock the hall's row before it is read", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  const guard = 'event_id = ${hold.eventId} for no key update'
  const instead = guard.replace(' for no key update', '')
  const line = { file, guard: 'pg_advisory_xact_lock(7004,', instead: 'mod(7004,' }
  const { club, begun } = await fightForLastPlaces(await twinServer({ file, guard, instead }, line))

  assert.ok(Math.max(...begun) > 3)
  assert.match((await listBrokenSums(world.db, club)).join(), /event \d+: sold 0, held \d+, .* of 3/)
})

async function twinServer(...missing: MissingGuard[]): Promise<RunningServer[]> {
  return [await startServerHere({ ...start, root: await makeTwin(...missing) })]
}

async function sellOut(at: RunningServer[]) {
  const club = await world.organizer()
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { hold_minutes: holdMs / 60_000 }))
  const hall = await openHall(world, club)
  const shop = shopClient(at, club)
  return { club, hall, shop, state: await rush(shop, hall) }
}

/** Resolves to how many of them got a place, in each of five rounds. */
async function fightForLastPlaces(at: RunningServer[]) {
  const club = await world.organizer()
  const shop = shopClient(at, club)
  const begun: number[] = []
  for (let round = 0; round < 5; round++) {
    const { slug, ticketId } = await world.event(club, { capacity: 3 })
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => shop.begin(slug, [{ ticket_id: ticketId, quantity: 1 }])),
    )
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
