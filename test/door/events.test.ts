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
const patch = (slug: string, body: unknown) => world.send(club, 'PATCH', `/admin/events/${slug}`, body)
const refused = async (body: object) => expect(422, await post(body)).errors

test('an event begins as a draft with defaults', async () => {
  const answer = await post({ title: '  Späte Töne: Große Nacht! ' })
  const { id, ...event } = expect(201, answer)
  assert.equal(typeof id, 'number')
  assert.deepEqual(event, {
    slug: 'spate-tone-grosse-nacht',
    title: 'Späte Töne: Große Nacht!',
    description: null,
    attendee_note: null,
    starts_at: input.starts_at,
    doors_open_at: null,
    ends_at: input.ends_at,
    show_end_time: true,
    sales_starts_at: null,
    sales_ends_at: input.starts_at,
    published: false,
    listed: true,
    minimum_age: null,
    capacity: null,
    media: {},
    checkout_fees: {},
    venue: { id: venue.id, name: 'Hall', city: 'Berlin' },
    faq: [],
  })
  assert.equal(answer.headers.location, '/admin/events/spate-tone-grosse-nacht.json')
})

test('title, venue and both times are required', async () => {
  const errors = expect(422, await world.send(club, 'POST', '/admin/events', {})).errors
  assert.deepEqual(errors, {
    title: ["can't be blank"],
    venue_id: ["can't be blank"],
    starts_at: ["can't be blank"],
    ends_at: ["can't be blank"],
  })
  assert.deepEqual(await refused({ title: '' }), { title: ["can't be blank"] })
  assert.deepEqual(await refused({ starts_at: '' }), { starts_at: ["can't be blank"] })
  for (const field of ['title', 'venue_id', 'starts_at', 'ends_at']) {
    assert.deepEqual(await refused({ [field]: null }), { [field]: ["can't be blank"] }, `null in ${field}`)
  }
})

test("a venue is the account's own, given by a number or its digits", async () => {
  assert.equal((await make({ venue_id: String(venue.id) })).venue.id, venue.id)
  const other = await world.organizer()
  const theirs = expect(
    201,
    await world.send(other, 'POST', '/admin/venues', { name: 'x', address: 'x', city: 'x', postal_code: 'x' }),
  )
  for (const id of [theirs.id, 999_999, '999999', 2_147_483_648, 9_999_999_999])
    assert.deepEqual(await refused({ venue_id: id }), { venue_id: ['must exist'] }, String(id))
  for (const id of ['x', '', '1.5', 1.5, true, [], '7 '])
    assert.deepEqual(Object.keys(await refused({ venue_id: id })), ['venue_id'], JSON.stringify(id))
})

test("a time may come with an offset, with milliseconds, or without either on the venue's clock", async () => {
  const at = async (text: string) => (await make({ starts_at: text, ends_at: '2026-12-31T23:00:00Z' })).starts_at
  assert.equal(await at('2026-07-01T20:00:00+02:00'), '2026-07-01T18:00:00Z')
  assert.equal(await at('2026-07-01T20:00:00.999Z'), '2026-07-01T20:00:00Z')
  assert.equal(await at('2026-07-01T20:00:00.000+02:00'), '2026-07-01T18:00:00Z')
  assert.equal(await at('2026-07-01T20:00:00'), '2026-07-01T18:00:00Z')
  assert.equal(await at('2026-07-01 20:00'), '2026-07-01T18:00:00Z')
  assert.equal(await at('2026-11-01T20:00'), '2026-11-01T19:00:00Z')
  const kathmandu = expect(
    201,
    await world.send(club, 'POST', '/admin/venues', {
      name: 'K',
      address: 'x',
      city: 'K',
      postal_code: '1',
      timezone: 'Asia/Kathmandu',
    }),
  )
  const event = await make({
    venue_id: kathmandu.id,
    starts_at: '2026-07-01T20:00:00',
    ends_at: '2026-07-01T23:00:00',
    doors_open_at: '2026-07-01T19:00',
  })
  assert.deepEqual(
    [event.starts_at, event.ends_at, event.doors_open_at, event.sales_ends_at],
    ['2026-07-01T14:15:00Z', '2026-07-01T17:15:00Z', '2026-07-01T13:15:00Z', '2026-07-01T14:15:00Z'],
  )
})

test('times that are none, or in the wrong order, are 422 on their field', async () => {
  for (const field of ['starts_at', 'ends_at', 'doors_open_at', 'sales_starts_at', 'sales_ends_at']) {
    for (const odd of [
      'tomorrow',
      '2026-02-30T20:00:00Z',
      '2026-07-01',
      '2026-07-01T24:00:00Z',
      '20260701T200000Z',
      '1780000000',
    ]) {
      assert.deepEqual(await refused({ [field]: odd }), { [field]: ['is invalid'] }, `${field} ${odd}`)
    }
  }
  assert.deepEqual(Object.keys(await refused({ ends_at: '2026-07-01T19:59:59Z' })), ['ends_at'])
  assert.deepEqual(Object.keys(await refused({ sales_starts_at: '2026-07-01T21:00:00Z' })), ['sales_ends_at'])
})

test('a slug comes from the title, is unique in the account, and may be chosen', async () => {
  const first = await make({ title: 'Same' })
  const second = await make({ title: 'Same' })
  assert.deepEqual([first.slug, second.slug], ['same', 'same-2'])
  assert.equal((await make({ title: '🎟 東京' })).slug, 'event')
  assert.equal((await make({ slug: 'my-own-1' })).slug, 'my-own-1')
  assert.deepEqual(await refused({ slug: 'my-own-1' }), { slug: ['has already been taken'] })
  for (const odd of ['My Own', 'UPPER', 'ä', '-x', 'x-', 'a--b', 'a/b', 'a.json', 'x'.repeat(101)])
    assert.deepEqual(Object.keys(await refused({ slug: odd })), ['slug'], odd)
  const other = await world.organizer()
  const { slug } = await world.event(other, { title: 'Same' })
  assert.equal(slug, 'same', 'unique in the account alone')
})

test('an old slug keeps working everywhere and is not given to another event', async () => {
  const { slug: old, id } = await make({ title: 'First name' })
  const renamed = expect(200, await patch(old, { slug: 'second-name' }))
  assert.deepEqual([renamed.id, renamed.slug], [id, 'second-name'])
  assert.equal(expect(200, await world.get(club, `/admin/events/${old}`)).slug, 'second-name')
  assert.equal(expect(200, await world.get(club, `/admin/events/${old}/tickets`)).event.slug, 'second-name')
  assert.equal(expect(200, await patch(old, { title: 'Third' })).slug, 'second-name')
  for (const list of ['customers', 'orders']) expect(200, await world.get(club, `/admin/${list}?event_slug=${old}`))
  assert.deepEqual(await refused({ slug: old }), { slug: ['has already been taken'] })
  assert.equal((await make({ title: 'First name' })).slug, 'first-name-2')
  assert.equal(expect(200, await patch('second-name', { slug: old })).slug, old, 'it may take its own old name back')
  assert.equal(expect(200, await world.get(club, '/admin/events/second-name')).slug, old)
})

test('a change keeps what it does not name', async () => {
  const before = await make({
    title: 'Keep',
    capacity: 100,
    description: '<b>x</b>',
    attendee_note: 'y',
    minimum_age: 16,
    doors_open_at: '2026-07-01T19:00:00Z',
    listed: false,
    show_end_time: false,
  })
  for (const body of [{ event: {} }, {}, undefined, { event: { unknown: 1 } }])
    assert.deepEqual(expect(200, await patch(before.slug, body)), before)
  assert.deepEqual(expect(200, await patch(before.slug, { listed: true })), { ...before, listed: true })
  assert.deepEqual(expect(200, await patch(before.slug, { event: { title: 'New' } })), {
    ...before,
    listed: true,
    title: 'New',
  })
})

for (const empty of ['', null]) {
  test(`${JSON.stringify(empty)} clears every optional field`, async () => {
    const optional = {
      description: 'x',
      attendee_note: 'x',
      doors_open_at: '2026-07-01T19:00:00Z',
      sales_starts_at: '2026-05-01T00:00:00Z',
      minimum_age: 16,
      capacity: 100,
    }
    const { slug } = await make(optional)
    for (const field of Object.keys(optional)) {
      const answer = await patch(slug, { [field]: empty })
      assert.equal(answer.status, 200, `${field}: ${answer.text}`)
      assert.equal(answer.body[field], null, field)
    }
    expect(200, await patch(slug, { sales_ends_at: '2026-06-01T00:00:00Z' }))
    assert.equal(
      expect(200, await patch(slug, { sales_ends_at: empty })).sales_ends_at,
      input.starts_at,
      'sales end at the start again',
    )
  })
}

test('sales end with the start, also when the start moves, until another end is chosen', async () => {
  const { slug } = await make({ title: 'Moving' })
  const moved = expect(200, await patch(slug, { starts_at: '2026-07-02T20:00:00Z', ends_at: '2026-07-02T23:00:00Z' }))
  assert.equal(moved.sales_ends_at, '2026-07-02T20:00:00Z')
  expect(200, await patch(slug, { sales_ends_at: '2026-07-01T12:00:00Z' }))
  const again = expect(200, await patch(slug, { starts_at: '2026-07-03T20:00:00Z', ends_at: '2026-07-03T23:00:00Z' }))
  assert.equal(again.sales_ends_at, '2026-07-01T12:00:00Z')
})

test('numbers are whole numbers in their range; zero is a number', async () => {
  const zero = await make({ capacity: 0, minimum_age: 0 })
  assert.deepEqual([zero.capacity, zero.minimum_age], [0, 0])
  assert.deepEqual(await refused({ minimum_age: 121 }), { minimum_age: ['must be between 0 and 120'] })
  assert.deepEqual(Object.keys(await refused({ capacity: -1 })), ['capacity'])
  assert.deepEqual(await refused({ capacity: 1.5 }), { capacity: ['is not a number'] })
  assert.deepEqual(await refused({ capacity: 'many' }), { capacity: ['is not a number'] })
})
