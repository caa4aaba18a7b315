import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { type MissingGuard, makeTwin, weakenFunction } from '../support/twin.ts'
import { expect, openWorld } from '../support/world.ts'
import { assertSumsHold } from './broken-sums.ts'
import { queueUp } from './queue-up.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerHere(start)])

test('who may have two tickets gets two, in however many checkouts they pay at once', async () => {
  const { club, most, statuses } = await payBeyondTheLimit(servers)

  assert.deepEqual(most, 2)
  assert.deepEqual(statuses, [200, 409])
  await assertSumsHold(world.db, club)
})

test('stock is never lowered below what is sold and held, while people buy', async () => {
  const { club, answers, overfull } = await squeeze(servers, 'stock')

  assert.equal(overfull, 0)
  assert.deepEqual(answers, [200, 201, 409, 422])
  await assertSumsHold(world.db, club)
})

test('capacity is never lowered below what is sold and held, while people buy', async () => {
  const { club, answers, overfull } = await squeeze(servers, 'capacity')

  assert.equal(overfull, 0)
  assert.deepEqual(answers, [200, 201, 409, 422])
  await assertSumsHold(world.db, club)
})

test('a sale that is just being written counts when capacity is lowered', async () => {
  const club = await world.organizer()
  const event = await world.event(club, { capacity: 5 })
  const order = { event_slug: event.slug, items: [{ ticket_id: event.ticketId, quantity: 1 }] }

  const [begun, lowered] = await queueUp(
    world.db,
    (tx) => tx`select from event_places where event_id = ${event.id} for update`,
    [
      () => world.shop(club, 'POST', '/checkouts', order),
      () => world.send(club, 'PATCH', `/admin/events/${event.slug}`, { capacity: 0 }),
    ],
  )

  assert.deepEqual([begun?.status, lowered?.status], [201, 422])
  await assertSumsHold(world.db, club)
})

test('they get more where the limit is not asked for again while the customer is locked', async () => {
  const guard = 'if (tooMany) throw conflict(tooMany)'
  const { most } = await payBeyondTheLimit(
    await twin({ file: 'server/checkout/settle-checkout.ts', guard, instead: '' }),
  )

  assert.ok(most > 2)
})

test('stock falls below what is taken where the same statement does not compare it', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  const guard = 'sold + held <= ${fields.stock}'
  const missing = { file: 'server/ticketing/queries.ts', guard, instead: `true or ${guard}` }
  const { overfull } = await squeeze(await twin(missing), 'stock')

  assert.ok(overfull > 0)
})

test('capacity falls below what is taken where the trigger does not compare it', async () => {
  const restore = await weakenFunction(world.db, 'copy_event_capacity', 'p.sold + p.held > new.capacity', 'false')
  const { overfull } = await squeeze(servers, 'capacity')
  await restore()

  assert.ok(overfull > 0)
})

/** Six people with three checkouts of two each. Resolves to the most that anyone got, and to the answers that there were. */
async function payBeyondTheLimit(at: RunningServer[]) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${ticketId}`, { max_per_customer: 2 }))
  const shop = shopClient(at, club)
  const items = [{ ticket_id: ticketId, quantity: 2 }]
  const emails = ['', ' ', '  '].flatMap((space) =>
    Array.from({ length: 6 }, (_, index) => `${space}Buyer-${index}@example.com`),
  )
  const checkouts = await Promise.all(emails.map((email) => shop.readyToPay(slug, items, email)))
  const answers = await Promise.all(checkouts.map((checkout) => shop.pay(checkout)))
  const [row] = await world.db<[{ most: number }]>`
    select max(tickets)::integer as most
    from (select sum(ticket_count) as tickets from orders where account_id = ${club.id} group by customer_id) each`
  return {
    club,
    most: row.most,
    statuses: distinct(answers.map((answer) => (answer.status === 422 ? 409 : answer.status))),
  }
}

/**
 * Twelve buyers take places one by one; staff lower the limit again and again to just what is taken at that moment, and
 * raise it again. Resolves to how often more was taken than there was, and to the answers that there were.
 */
async function squeeze(at: RunningServer[], limit: 'stock' | 'capacity') {
  const club = await world.organizer()
  const event = await world.event(club, { [limit]: 0 })
  const shop = shopClient(at, club)
  const path =
    limit === 'stock' ? `/admin/events/${event.slug}/tickets/${event.ticketId}` : `/admin/events/${event.slug}`
  const answers: number[] = []
  let overfull = 0
  let isOver = false
  const buyer = async () => {
    while (!isOver) answers.push((await shop.begin(event.slug, [{ ticket_id: event.ticketId, quantity: 1 }])).status)
  }
  const staff = async () => {
    for (let turn = 0; turn < 8; turn++) {
      const more = turn % 2 === 0 ? 60 : 0
      answers.push((await shop.ask('PATCH', path, { [limit]: (await taken(event.id)).taken + more })).status)
      if ((await taken(event.id)).isOverfull) overfull++
    }
    isOver = true
  }
  await Promise.all([staff(), ...Array.from({ length: 12 }, buyer)])
  return { club, answers: distinct(answers), overfull }
}

async function taken(eventId: number): Promise<{ taken: number; isOverfull: boolean }> {
  const [row] = await world.db<[{ taken: number; isOverfull: boolean }]>`
    select p.sold + p.held as taken, coalesce(p.sold + p.held > least(p.capacity, t.stock), false) as is_overfull
    from event_places p join ticket_types t using (account_id, event_id) where event_id = ${eventId}`
  return row
}

async function twin(missing: MissingGuard): Promise<RunningServer[]> {
  return [await startServerHere({ ...start, root: await makeTwin(missing) })]
}

const distinct = (numbers: number[]) => [...new Set(numbers)].sort()
