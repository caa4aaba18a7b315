import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { type MissingGuard, makeTwin } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
/** The first server's clock is behind and it has more to do: its payments are the earlier ones and often commit later. */
const clocks = [-90_000, 0]
const servers = await Promise.all(
  clocks.map((clockAheadMs) => startServerProcess({ databaseUrl: world.url, clockAheadMs })),
)

const spellings = ['jane@example.com', 'Jane@Example.com', ' JANE@EXAMPLE.COM ', 'jane@EXAMPLE.com', 'jAnE@example.com']

test('fifty first orders of one address at once make one customer with their exact sum', async () => {
  const { club, answers } = await fiftyFirstOrders(servers)

  const { body } = await world.get(club, '/admin/customers?period=all')

  assert.deepEqual(
    answers.filter((answer) => answer.status !== 200),
    [],
  )
  assert.deepEqual(body.stats, { customer_count: 1, total_spent: { amount: '1050.00', currency: 'EUR' } })
  assert.equal(body.customers[0].email, 'jane@example.com')
  await assertSumsHold(world.db, club)
})

test('of forty first payments of eight people the earliest is when each became a customer', async () => {
  const { club, answers } = await firstOrdersOfEight(servers)

  assert.deepEqual(
    answers.filter((answer) => answer.status !== 200),
    [],
  )
  await assertSumsHold(world.db, club)
})

const file = 'server/customers/queries.ts'

test('without the conflict clause some of the fifty get no answer that they can use', async () => {
  // Two customers of one address can't be: the database's own unique (account, address) refuses them. What the clause
  // adds is that nobody is refused; and the sum is exact because the trigger adds to the row that the clause has locked.
  const missing = { file, guard: 'on conflict (account_id, email) do', instead: 'on conflict (account_id, id) do' }
  const { answers } = await fiftyFirstOrders(await twins(missing))

  assert.ok(answers.some((answer) => answer.status === 500))
})

test('without the least of both times a customer is as old as the payment that came first, not the earliest', async () => {
  const guard = 'created_at = least(c.created_at, excluded.created_at)'
  const { club } = await firstOrdersOfEight(await twins({ file, guard, instead: 'created_at = c.created_at' }, clocks))

  assert.match((await listBrokenSums(world.db, club)).join(), /customer \d+: .* since/)
})

async function fiftyFirstOrders(at: RunningServer[]) {
  return payAllAtOnce(
    at,
    Array.from({ length: 50 }, (_, index) => spellings[index % spellings.length] ?? ''),
  )
}

async function firstOrdersOfEight(at: RunningServer[]) {
  return payAllAtOnce(
    at,
    Array.from({ length: 40 }, (_, index) => `friend-${index % 8}@example.com`),
  )
}

/** Checkouts are begun and paid at the same server; half of them at each. */
async function payAllAtOnce(at: RunningServer[], emails: string[]) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const shops = at.map((server) => shopClient([server], club))
  const shopOf = (index: number) => shops[(index >> 3) % shops.length] ?? shopClient(at, club)
  const items = [{ ticket_id: ticketId, quantity: 1 }]
  const checkouts = await Promise.all(emails.map((email, index) => shopOf(index).readyToPay(slug, items, email)))
  const answers = await Promise.all(checkouts.map((checkout, index) => shopOf(index).pay(checkout)))
  return { club, answers }
}

async function twins(missing: MissingGuard, ofClocks = [0]): Promise<RunningServer[]> {
  const root = await makeTwin(missing)
  return Promise.all(ofClocks.map((clockAheadMs) => startServerHere({ databaseUrl: world.url, root, clockAheadMs })))
}
