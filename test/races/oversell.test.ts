import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServerProcess } from '../support/server-process.ts'
import { makeTwin, type MissingGuard } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { holdMs, openHall, rush, ticketsPaid } from './rush.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()

test('64 buyers at two servers fill a hall of 200 to the last place and not one further', async () => {
  const { club, shop, hall, state } = await sellOut()

  const answers = await Promise.all(hall.types.map((type) => shop.begin(hall.slug, [{ ticket_id: type, quantity: 1 }])))

  assert.deepEqual(state.unexpected, [])
  assert.equal(ticketsPaid(state), 200)
  assert.deepEqual(answers.map((answer) => answer.status), [409, 409])
  assert.deepEqual(await ordersOf(club.id), state.paid)
  await assertSumsHold(world.db, club)
})

const guards: [name: string, guard: string, instead: string][] = [
  ['the check of the hall', 'place.left + (select coalesce(sum(quantity), 0) from freed) <', '0 >'],
  ['the check of the ticket type', 'where freed.ticket_type_id = types.id) < wanted.quantity', 'where false) < 0'],
  ["the lock of the hall's row", 'event_id = ${hold.eventId} for no key update', 'event_id = ${hold.eventId}'],
]
for (const [name, guard, instead] of guards) {
  test(`the same buyers oversell without ${name}`, async () => {
    const { club, state } = await sellOut({ file: 'server/ticketing/queries.ts', guard, instead })

    const broken = await listBrokenSums(world.db, club)
    console.log(name, ticketsPaid(state), broken, state.unexpected)
    assert.ok(broken.some((line) => /sold \d+, held/.test(line)))
  })
}

async function sellOut(missing?: MissingGuard) {
  const root = missing && (await makeTwin(missing))
  const start = { databaseUrl: world.url, root, environment: { HOLD_MINUTES: String(holdMs / 60_000) } }
  const servers = await Promise.all([startServerProcess(start), startServerProcess(start)])
  const club = await world.organizer()
  const hall = await openHall(world, club)
  const shop = shopClient(servers, club)
  const t = performance.now()
  const state = await rush(shop, hall)
  console.log('rush', performance.now() - t)
  return { club, shop, hall, state }
}

async function ordersOf(accountId: number): Promise<Map<string, number>> {
  const rows = await world.db<{ publicId: string; ticketCount: number }[]>`
    select public_id, ticket_count from orders where account_id = ${accountId}`
  return new Map(rows.map((row) => [row.publicId, row.ticketCount]))
}
