import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug, ticketId } = await world.event(club, { startsAt: '2026-05-01T20:00:00Z', maxPerOrder: 4 })
expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { sales_starts_at: '2026-04-25T10:00:00Z' }))
const begin = (items: unknown = [{ ticket_id: ticketId, quantity: 1 }], event_slug: unknown = slug) =>
  world.shop(club, 'POST', '/checkouts', { event_slug, items })

async function refused(at: string): Promise<unknown> {
  world.setTime(at)
  return expect(422, await begin()).errors
}

test('tickets are sold from the start of sales until their end', async () => {
  assert.deepEqual(await refused('2026-04-25T09:59:59Z'), { event_slug: ['is not on sale yet'] })
  for (const at of ['2026-04-25T10:00:00Z', '2026-05-01T19:59:59Z']) {
    world.setTime(at)
    expect(201, await begin())
  }
  assert.deepEqual(await refused('2026-05-01T20:00:00Z'), { event_slug: ['is no longer on sale'] })
})

test('a checkout that began in time may still be paid after the end, while its places are held', async () => {
  world.setTime('2026-05-01T19:59:00Z')
  const { public_id: id } = expect(201, await begin())
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${id}`, { buyer: { email: 'late@example.com' } }))
  world.setTime('2026-05-01T20:05:00Z')
  expect(200, await world.shop(club, 'POST', `/checkouts/${id}/payment`, { provider: 'test', outcome: 'succeed' }))
})

test('what is not for sale is 422 on its field', async () => {
  world.setTime('2026-04-26T10:00:00Z')
  assert.deepEqual(expect(422, await begin([{ ticket_id: ticketId, quantity: 5 }])).errors, {
    items: ['must be at most 4 of General Admission'],
  })
  const twice = [
    { ticket_id: ticketId, quantity: 3 },
    { ticket_id: ticketId, quantity: 2 },
  ]
  assert.deepEqual(
    Object.keys(expect(422, await begin(twice)).errors),
    ['items'],
    'a type named twice counts as its sum',
  )
  assert.deepEqual(expect(422, await begin([])).errors, { items: ["can't be blank"] })
  assert.deepEqual(expect(422, await begin(undefined, 'unknown')).errors, { event_slug: ['must exist'] })
  for (const items of [
    [{ ticket_id: ticketId, quantity: 0 }],
    [{ ticket_id: ticketId, quantity: -1 }],
    [{ ticket_id: ticketId, quantity: 1.5 }],
    [{ ticket_id: '1', quantity: 1 }],
    [{}],
    [null],
    'all',
    null,
  ]) {
    const { errors } = expect(422, await begin(items))
    for (const field of Object.keys(errors)) assert.match(field, /^items/, JSON.stringify(items))
  }
})

test('hidden and archived types, drafts and withdrawn events are not for sale', async () => {
  for (const state of ['hidden', 'archived']) {
    expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${ticketId}`, { state }))
    assert.deepEqual(expect(422, await begin()).errors, { items: ['must exist'] })
  }
  expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${ticketId}`, { state: 'active' }))
  expect(200, await world.send(club, 'DELETE', `/admin/events/${slug}/publication`))
  assert.deepEqual(expect(422, await begin()).errors, { event_slug: ['must exist'] })
  expect(200, await world.send(club, 'POST', `/admin/events/${slug}/publication`))
  expect(201, await begin())
})

test('an old slug opens a checkout too', async () => {
  expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { slug: 'renamed' }))
  assert.equal(expect(201, await begin()).event.slug, 'renamed')
})
