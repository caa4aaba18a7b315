import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../../test/support/world.ts'

const world = await openWorld()
const venue = { name: 'Hall', address: 'Street 1', city: 'Berlin', postal_code: '10115' }

const post = (club: Organizer, key: string, body: unknown = venue, path = '/admin/venues') =>
  world.send(club, 'POST', path, body, { 'idempotency-key': key })
const venuesOf = async (club: Organizer) => expect(200, await world.get(club, '/admin/venues')).venues

test('fifty equal POSTs at once under one key have one effect and one answer', async () => {
  const club = await world.organizer()

  const answers = await Promise.all(Array.from({ length: 50 }, () => post(club, 'k1')))

  assert.deepEqual(
    new Set(answers.map((answer) => `${answer.status} ${answer.headers.location} ${answer.text}`)).size,
    1,
  )
  assert.equal(answers[0]?.status, 201)
  assert.equal((await venuesOf(club)).length, 1)
})

test('the first answer is given again, whatever became of the thing, in either spelling and key order', async () => {
  const club = await world.organizer()
  const first = await post(club, 'k1')
  expect(200, await world.send(club, 'PATCH', `/admin/venues/${first.body.id}`, { name: 'Other' }))

  const again = await post(club, 'k1', {
    venue: { postal_code: '10115', city: 'Berlin', address: 'Street 1', name: 'Hall' },
  })
  const spelled = await post(club, 'k1', venue, '/admin/venues.json')

  assert.equal(again.text, first.text)
  assert.equal(spelled.text, first.text)
  assert.equal(again.headers.location, first.headers.location)
})

test('changed input under a known key is a 409 and changes nothing', async () => {
  const club = await world.organizer()
  await post(club, 'k1')

  const changed = await post(club, 'k1', { ...venue, name: 'Other' })

  assert.equal(changed.status, 409)
  assert.deepEqual(changed.body, { errors: { base: ['This Idempotency-Key was used with another input'] } })
  assert.equal((await venuesOf(club)).length, 1)
})

test('a refused request keeps nothing: the key is free for the corrected one', async () => {
  const club = await world.organizer()

  expect(422, await post(club, 'k1', { ...venue, name: '' }))
  expect(201, await post(club, 'k1'))
})

test('keys are the account’s own, count for one path, and are forgotten after seven days', async () => {
  const [club, other] = [await world.organizer(), await world.organizer()]
  const first = expect(201, await post(club, 'k1'))
  assert.notEqual(expect(201, await post(other, 'k1')).id, first.id)
  const event = { title: 'Show', venue_id: first.id, starts_at: '2030-01-01T20:00', ends_at: '2030-01-01T22:00' }
  expect(201, await post(club, 'k1', event, '/admin/events'))
  const now = world.now()

  world.setTime(new Date(now.getTime() + 7 * 86_400_000 + 1000).toISOString())

  assert.notEqual(expect(201, await post(club, 'k1')).id, first.id)
})

test('without a key, or with an empty one, every POST counts', async () => {
  const club = await world.organizer()
  await post(club, '')
  await world.send(club, 'POST', '/admin/venues', venue)
  assert.equal((await venuesOf(club)).length, 2)
})

test('a checkout under a key takes its places once', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { stock: 3 })
  const body = JSON.stringify({ event_slug: slug, items: [{ ticket_id: ticketId, quantity: 2 }] })
  const headers = {
    host: `${club.subdomain}.foyer.test`,
    'content-type': 'application/json',
    'idempotency-key': 'cart-1',
  }
  const begin = () => world.app.inject({ method: 'POST', url: '/checkouts', headers, payload: body })

  const answers = await Promise.all([begin(), begin(), begin()])

  assert.deepEqual(
    answers.map((answer) => answer.statusCode),
    [201, 201, 201],
  )
  assert.equal(new Set(answers.map((answer) => answer.body)).size, 1)
})
