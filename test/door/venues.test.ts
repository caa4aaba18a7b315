import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer({ timeZone: 'Europe/Vienna' })
const input = { name: 'Halle 1', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
const make = async (body: object = {}) =>
  expect(201, await world.send(club, 'POST', '/admin/venues', { ...input, ...body }))
const refused = async (body: object) =>
  expect(422, await world.send(club, 'POST', '/admin/venues', { ...input, ...body })).errors

test('a venue needs a name and an address; country and zone have defaults', async () => {
  const answer = await world.send(club, 'POST', '/admin/venues', input)
  const { id, ...venue } = expect(201, answer)
  assert.deepEqual(venue, {
    ...input,
    country: 'DE',
    timezone: 'Europe/Vienna',
    latitude: null,
    longitude: null,
    event_count: 0,
  })
  assert.equal(answer.headers.location, `/admin/venues/${id}.json`)
  assert.equal(typeof id, 'number')
  for (const field of Object.keys(input)) {
    for (const empty of ['', '  ']) assert.deepEqual(await refused({ [field]: empty }), { [field]: ["can't be blank"] })
  }
})

test('texts are kept without blanks at their ends, coordinates as they were written', async () => {
  const made = await make({
    name: '  Große Halle ',
    country: 'at',
    timezone: ' Europe/Berlin ',
    latitude: '52.520008',
    longitude: '-13.40',
  })
  assert.deepEqual(
    [made.name, made.country, made.timezone, made.latitude, made.longitude],
    ['Große Halle', 'AT', 'Europe/Berlin', '52.520008', '-13.40'],
  )
  assert.equal((await make({ latitude: 52.520008 })).latitude, '52.520008')
})

test("a zone is an IANA name or one of Rails'; nonsense, coordinates off the globe and countries that are none are 422", async () => {
  assert.equal((await make({ timezone: 'Berlin' })).timezone, 'Europe/Berlin')
  assert.equal((await make({ timezone: '' })).timezone, 'Europe/Vienna')
  assert.deepEqual(await refused({ timezone: 'Mars' }), { timezone: ['is not included in the list'] })
  assert.deepEqual(await refused({ latitude: '91' }), { latitude: ['must be between -90 and 90'] })
  assert.deepEqual(await refused({ longitude: '-180.1' }), { longitude: ['must be between -180 and 180'] })
  assert.deepEqual(await refused({ latitude: 'north' }), { latitude: ['is not a number'] })
  for (const country of ['D', 'DEU', '12', 'Ü1']) assert.deepEqual(Object.keys(await refused({ country })), ['country'])
})

test('a change keeps what it does not name and clears what it empties', async () => {
  const made = await make({ latitude: '1.5', longitude: '2.5', country: 'AT' })
  const changed = expect(
    200,
    await world.send(club, 'PATCH', `/admin/venues/${made.id}`, { city: 'Graz', latitude: '', longitude: null }),
  )
  assert.deepEqual(changed, { ...made, city: 'Graz', latitude: null, longitude: null })
  assert.deepEqual(expect(200, await world.get(club, `/admin/venues/${made.id}`)), { ...changed, events: [] })
  expect(422, await world.send(club, 'PATCH', `/admin/venues/${made.id}`, { name: '' }))
  assert.equal(expect(200, await world.send(club, 'PATCH', `/admin/venues/${made.id}`, { country: '' })).country, 'DE')
})

test('the list is by name and counts events; the detail shows them in the shape of events', async () => {
  const fresh = await world.organizer()
  for (const name of ['b', 'a', 'c']) expect(201, await world.send(fresh, 'POST', '/admin/venues', { ...input, name }))
  const { slug } = await world.event(fresh)
  const { venues } = expect(200, await world.get(fresh, '/admin/venues'))
  assert.deepEqual(
    venues.map((venue: { name: string; event_count: number }) => [venue.name, venue.event_count]),
    [
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['Hall', 1],
    ],
  )
  const hall = expect(200, await world.get(fresh, `/admin/venues/${venues[3].id}`))
  const { stats: _, tickets_breakdown: __, ...event } = expect(200, await world.get(fresh, `/admin/events/${slug}`))
  assert.deepEqual(hall.events, [event])
})

test('a venue with events stays, an empty one goes, and going twice is 404', async () => {
  const { slug } = await world.event(club)
  const { venue } = expect(200, await world.get(club, `/admin/events/${slug}`))
  const kept = await world.send(club, 'DELETE', `/admin/venues/${venue.id}`)
  assert.deepEqual([kept.status, kept.body], [409, { errors: { base: ['The venue has events'] } }])
  const { id } = await make()
  const gone = await world.send(club, 'DELETE', `/admin/venues/${id}`)
  assert.deepEqual([gone.status, gone.text], [204, ''])
  assert.equal((await world.send(club, 'DELETE', `/admin/venues/${id}`)).status, 404)
  assert.equal((await world.get(club, `/admin/venues/${id}`)).status, 404)
})
