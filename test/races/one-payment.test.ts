import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold } from './broken-sums.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerProcess(start)])

test('a payment confirmed twenty times at once is charged once and answered twenty times alike', async () => {
  const { club, answers } = await confirmTwentyTimes(servers)

  for (const [first, ...others] of answers) {
    assert.equal(first?.status, 200)
    for (const other of others) assert.deepEqual(other, first)
  }
  assert.deepEqual(await paymentsOf(club.id), { succeeded: answers.length })
  assert.equal(await countOrders(club.id), answers.length)
  await assertSumsHold(world.db, club)
})

test('of paying and giving up at once one wins: an order, or no order and no money kept', async () => {
  const { club, outcomes } = await payAndGiveUp(servers)

  const paid = outcomes.filter((outcome) => outcome === 'paid 200, given up 409').length
  const others = outcomes.filter((outcome) => !/^paid (200, given up 409|40[49], given up 204)$/.test(outcome))
  const { succeeded = 0, started = 0, pending = 0 } = await paymentsOf(club.id)

  assert.deepEqual(others, [])
  assert.deepEqual({ succeeded, started, pending }, { succeeded: paid, started: 0, pending: 0 })
  assert.equal(await countOrders(club.id), paid)
  await assertSumsHold(world.db, club)
})

const twin = {
  file: 'server/checkout/queries.ts',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  guard: 'public_id = ${publicId} for no key update',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  instead: 'public_id = ${publicId}',
}

test('where the checkout is not locked, twenty confirmations are not answered alike, and paying and giving up both win', async () => {
  const root = await makeTwin(twin)
  const unlocked = await Promise.all([startServerProcess({ ...start, root }), startServerHere({ ...start, root })])

  const { answers } = await confirmTwentyTimes(unlocked)
  const { outcomes } = await payAndGiveUp(unlocked)
  assert.ok(answers.some((same) => new Set(same.map((answer) => JSON.stringify(answer))).size > 1))
  assert.ok(outcomes.includes('paid 200, given up 204'))
})

async function confirmTwentyTimes(at: RunningServer[]) {
  const { club, shop, begin } = await openShop(at)
  const checkouts = await Promise.all(Array.from({ length: 2 }, begin))
  const answers = await Promise.all(
    checkouts.map((checkout) => Promise.all(Array.from({ length: 20 }, () => shop.pay(checkout)))),
  )
  return { club, answers }
}

async function payAndGiveUp(at: RunningServer[]) {
  const { club, shop, begin } = await openShop(at)
  const checkouts = await Promise.all(Array.from({ length: 20 }, begin))
  const outcomes = await Promise.all(
    checkouts.map(async (checkout, index) => {
      const giveUp = () => shop.ask('DELETE', `/checkouts/${checkout}`)
      const first = index % 3 === 0 ? giveUp() : undefined
      const [paid, givenUp] = await Promise.all([shop.pay(checkout), first ?? giveUp()])
      return `paid ${paid.status}, given up ${givenUp.status}`
    }),
  )
  return { club, outcomes }
}

async function openShop(at: RunningServer[]) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { stock: 1000 })
  const shop = shopClient(at, club)
  let count = 0
  const begin = () => shop.readyToPay(slug, [{ ticket_id: ticketId, quantity: 2 }], `buyer-${++count}@example.com`)
  return { club, shop, begin }
}

async function countOrders(accountId: number): Promise<number> {
  const [row] = await world.db<[{ count: number }]>`
    select count(*)::integer as count from orders where account_id = ${accountId}`
  return row.count
}

async function paymentsOf(accountId: number): Promise<Record<string, number>> {
  const rows = await world.db<{ status: string; count: number }[]>`
    select status, count(*)::integer as count from payments where account_id = ${accountId} group by 1`
  return Object.fromEntries(rows.map((row) => [row.status, row.count]))
}
