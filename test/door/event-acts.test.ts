import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const venue = expect(
  201,
  await world.send(club, 'POST', '/admin/venues', {
    name: 'Hall',
    address: 'Street 1',
    city: 'Berlin',
    postal_code: '10115',
  }),
)
const input = {
  title: 'Summer Night',
  venue_id: venue.id,
  starts_at: '2026-07-01T20:00:00Z',
  ends_at: '2026-07-01T23:00:00Z',
}
const post = (body: object = {}) => world.send(club, 'POST', '/admin/events', { ...input, ...body })
const make = async (body: object = {}) => expect(201, await post(body))

test('publishing and withdrawing answer the event, and twice is once', async () => {
  const event = await make()
  for (const [method, published] of [
    ['POST', true],
    ['POST', true],
    ['DELETE', false],
    ['DELETE', false],
  ] as const) {
    assert.deepEqual(expect(200, await world.send(club, method, `/admin/events/${event.slug}/publication`)), {
      ...event,
      published,
    })
  }
})

test('a duplicate is a draft with the same details and ticket types, nothing sold, and a name of its own', async () => {
  const { slug, ticketId } = await world.event(club, { title: 'Friday', stock: 50 })
  expect(
    201,
    await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, {
      title: 'Crew',
      price: '0',
      state: 'hidden',
      max_per_customer: 2,
      tax_rate: '7',
    }),
  )
  const archived = expect(
    201,
    await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, { title: 'Old', price: '1' }),
  )
  expect(204, await world.send(club, 'DELETE', `/admin/events/${slug}/tickets/${archived.id}`))
  await world.paidOrder(club, { eventSlug: slug, ticketId })
  const answer = await world.send(club, 'POST', `/admin/events/${slug}/duplication`)
  const copy = expect(201, answer)
  assert.deepEqual([copy.title, copy.slug, copy.published], ['Copy of Friday', 'copy-of-friday', false])
  assert.equal(answer.headers.location, '/admin/events/copy-of-friday.json')
  const detail = expect(200, await world.get(club, '/admin/events/copy-of-friday'))
  assert.deepEqual([detail.stats.sold_count, detail.stats.total_orders], [0, 0])
  const types = async (name: string) => expect(200, await world.get(club, `/admin/events/${name}/tickets`)).tickets
  const bare = ({ id: _, ...ticket }: { id: number }) => ticket
  assert.deepEqual((await types('copy-of-friday')).map(bare), (await types(slug)).map(bare))
  const again = expect(201, await world.send(club, 'POST', `/admin/events/${slug}/duplication`))
  assert.equal(again.slug, 'copy-of-friday-2')
})

test('an event with orders stays, one with only a checkout goes, and going twice is 404', async () => {
  const sold = await world.event(club, { title: 'Sold' })
  await world.paidOrder(club, { eventSlug: sold.slug, ticketId: sold.ticketId })
  const kept = await world.send(club, 'DELETE', `/admin/events/${sold.slug}`)
  assert.deepEqual([kept.status, kept.body], [409, { errors: { base: ['The event has orders'] } }])
  const { slug, ticketId } = await world.event(club, { title: 'Held' })
  const checkout = expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }),
  )
  assert.equal((await world.send(club, 'DELETE', `/admin/events/${slug}`)).status, 204)
  assert.equal((await world.send(club, 'DELETE', `/admin/events/${slug}`)).status, 404)
  assert.equal((await world.shop(club, 'GET', `/checkouts/${checkout.public_id}`)).status, 404)
})

test('the list splits what is to come from what is past, soonest and latest first; the period limits past ones and stats', async () => {
  const fresh = await world.organizer()
  const late = await world.event(fresh, { title: 'Late', startsAt: '2026-08-01T20:00:00Z' })
  await world.event(fresh, { title: 'Soon', startsAt: '2026-05-01T20:00:00Z' })
  await world.event(fresh, { title: 'Running', startsAt: '2026-04-22T11:00:00Z' })
  await world.event(fresh, { title: 'This month', startsAt: '2026-04-10T20:00:00Z' })
  await world.event(fresh, { title: 'Last year', startsAt: '2025-04-10T20:00:00Z' })
  await world.paidOrder(fresh, {
    eventSlug: late.slug,
    ticketId: late.ticketId,
    quantity: 2,
    at: '2026-01-05T12:00:00Z',
  })
  await world.paidOrder(fresh, {
    eventSlug: late.slug,
    ticketId: late.ticketId,
    quantity: 3,
    at: '2026-04-22T12:34:50Z',
  })
  const titles = (events: { title: string }[]) => events.map((event) => event.title)
  const list = async (query: string) => {
    const body = expect(200, await world.get(fresh, `/admin/events${query}`))
    assert.deepEqual(titles(body.upcoming_events), ['Running', 'Soon', 'Late'], query)
    assert.equal(body.stats.upcoming_count, 3)
    return [titles(body.past_events), body.stats.revenue.amount, body.stats.tickets_sold]
  }
  assert.deepEqual(await list(''), [['This month'], '63.00', 3])
  for (const word of ['month', 'this_month'])
    assert.deepEqual(await list(`?period=${word}`), [['This month'], '63.00', 3])
  for (const word of ['today', 'week', 'this_week']) assert.deepEqual(await list(`?period=${word}`), [[], '63.00', 3])
  for (const word of ['year', 'this_year'])
    assert.deepEqual(await list(`?period=${word}`), [['This month'], '105.00', 5])
  for (const word of ['all', 'all_time'])
    assert.deepEqual(await list(`?period=${word}`), [['This month', 'Last year'], '105.00', 5])
})

test('an account without events has two empty lists and zeros', async () => {
  const fresh = await world.organizer({ currency: 'JPY' })
  assert.deepEqual(expect(200, await world.get(fresh, '/admin/events')), {
    upcoming_events: [],
    past_events: [],
    stats: { upcoming_count: 0, revenue: { amount: '0', currency: 'JPY' }, tickets_sold: 0 },
  })
})
