import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin } from '../support/twin.ts'
import { expect, openWorld } from '../support/world.ts'
import { assertSumsHold } from './broken-sums.ts'
import { queueUp } from './queue-up.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerHere(start)])

test('events that get the same title at once get slugs of their own', async () => {
  const { answers } = await createTwentyAlike(servers)

  assert.deepEqual(
    answers.filter((answer) => answer.status !== 201),
    [],
  )
  const slugs = answers.map((answer) => answer.body.slug).sort()
  assert.deepEqual(slugs, ['jazz', ...Array.from({ length: 19 }, (_, index) => `jazz-${index + 2}`)].sort())
})

test('copies of an event that are made at once get slugs of their own', async () => {
  const club = await world.organizer()
  const { slug } = await world.event(club)
  const shop = shopClient(servers, club)

  const answers = await Promise.all(
    Array.from({ length: 4 }, () => shop.ask('POST', `/admin/events/${slug}/duplication`)),
  )

  assert.deepEqual(
    answers.filter((answer) => answer.status !== 201),
    [],
  )
  assert.equal(new Set(answers.map((answer) => answer.body.slug)).size, 4)
})

test('an event is deleted or sold, never both, when both are wanted at once', async () => {
  const { club, outcomes, orphans } = await deleteWhileSelling(servers)

  assert.deepEqual(
    outcomes.filter((outcome) => !/^deleted (204|409), begun (201|404|409|422), paid (200|404|-)$/.test(outcome)),
    [],
  )
  assert.deepEqual(
    outcomes.filter((outcome) => outcome.startsWith('deleted 204') && outcome.endsWith('paid 200')),
    [],
  )
  assert.equal(orphans, 0)
  await assertSumsHold(world.db, club)
})

test('who begins to buy while the event is being deleted is told that there is none', async () => {
  const club = await world.organizer()
  const { slug, id, ticketId } = await world.event(club)

  const [deleted, begun] = await queueUp(world.db, (tx) => tx`select from events where id = ${id} for update`, [
    () => world.send(club, 'DELETE', `/admin/events/${slug}`),
    () => world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }),
  ])

  assert.equal(deleted?.status, 204)
  assert.deepEqual([begun?.status, begun?.body.errors?.event_slug], [422, ['must exist']])
})

test('an order that is being written while its event is deleted is sold or refused', async () => {
  const club = await world.organizer()
  const { slug, id, ticketId } = await world.event(club)
  const shop = shopClient(servers, club)
  const checkout = await shop.readyToPay(slug, [{ ticket_id: ticketId, quantity: 1 }], 'jane@example.com')

  const [deleted, paid] = await queueUp(world.db, (tx) => tx`select from events where id = ${id} for update`, [
    () => shop.ask('DELETE', `/admin/events/${slug}`),
    () => shop.pay(checkout),
  ])

  const outcome = `deleted ${deleted?.status}, paid ${paid?.status}`
  assert.ok(['deleted 409, paid 200', 'deleted 204, paid 404', 'deleted 204, paid 409'].includes(outcome), outcome)
  await assertSumsHold(world.db, club)
})

test('an event whose checkouts all ended without an order can be deleted', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const order = { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }
  const { public_id } = expect(201, await world.shop(club, 'POST', '/checkouts', order))
  expect(204, await world.shop(club, 'DELETE', `/checkouts/${public_id}`))

  const { status } = await world.send(club, 'DELETE', `/admin/events/${slug}`)

  assert.equal(status, 204)
})

test('a slug that was taken between the look and the writing is not found again without the second try', async () => {
  const root = await makeTwin({
    file: 'server/events/save-event.ts',
    guard: 'attempt === ',
    instead: 'attempt > 0 || attempt === ',
  })
  const { answers } = await createTwentyAlike([await startServerHere({ ...start, root })])

  assert.ok(answers.some((answer) => answer.status === 422))
})

async function createTwentyAlike(at: RunningServer[]) {
  const club = await world.organizer()
  const address = { name: 'Hall', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
  const venue = expect(201, await world.send(club, 'POST', '/admin/venues', address))
  const shop = shopClient(at, club)
  const event = {
    title: 'Jazz!',
    venue_id: venue.id,
    starts_at: '2030-06-01T20:00:00Z',
    ends_at: '2030-06-01T23:00:00Z',
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.ask('POST', '/admin/events', event)))
  return { answers }
}

/** Twenty events, each deleted at the moment when somebody begins and pays. */
async function deleteWhileSelling(at: RunningServer[]) {
  const club = await world.organizer()
  const shop = shopClient(at, club)
  const titles = Array.from({ length: 20 }, (_, index) => `Evening ${index}`)
  const events = await Promise.all(titles.map((title) => world.event(club, { title })))
  const outcomes = await Promise.all(
    events.map(async ({ slug, ticketId }, index) => {
      const items = [{ ticket_id: ticketId, quantity: 1 }]
      const sell = async () => {
        const begun = await shop.begin(slug, items)
        if (begun.status !== 201) return `begun ${begun.status}, paid -`
        await shop.setBuyer(begun.body.public_id, `buyer-${index}@example.com`)
        return `begun 201, paid ${(await shop.pay(begun.body.public_id)).status}`
      }
      const remove = async () => `deleted ${(await shop.ask('DELETE', `/admin/events/${slug}`)).status}`
      const [sold, deleted] = await Promise.all([sell(), remove()])
      return `${deleted}, ${sold}`
    }),
  )
  const [row] = await world.db<[{ orphans: number }]>`
    select count(*)::integer as orphans from orders o
    where o.account_id = ${club.id} and not exists (select from events e where e.account_id = o.account_id and e.id = o.event_id)`
  return { club, outcomes, orphans: row.orphans }
}
