import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../support/world.ts'
import { decode } from './strict-decoding.ts'
import { callerOf, cli, form, n8n } from './wire-client.ts'
import { eventDetailKinds, eventKinds, money } from './wire-kinds.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club, { title: 'Summer', stock: 100 })
const call = callerOf(world, club)
const flatTime = '2026-07-01T20:00:00Z'

test('events: the list and one', async () => {
  for (const url of ['/admin/events.json', '/admin/events.json?period=month', '/admin/events?period=all_time']) {
    const { status, body } = await call('GET', url, cli)
    assert.equal(status, 200)
    decode(
      {
        upcoming_events: [eventKinds],
        past_events: [eventKinds],
        stats: { upcoming_count: 'integer', revenue: money, tickets_sold: 'integer' },
      },
      body,
    )
  }
  decode(eventDetailKinds, (await call('GET', `/admin/events/${slug}.json`, cli)).body)
  decode(eventDetailKinds, (await call('GET', `/admin/events/${slug}`, n8n)).body)
})

test('events: made flat by the command line and wrapped by the automation tool', async () => {
  const { venues } = (await call('GET', '/admin/venues', n8n)).body as { venues: { id: number; name: string }[] }
  decode([{ id: 'integer', name: 'string' }], venues)
  const venueId = venues[0]?.id
  const flat = {
    title: 'Flat',
    venue_id: venueId,
    starts_at: '2026-07-01T20:00:00+02:00',
    ends_at: '2026-07-01T23:00:00+02:00',
    sales_ends_at: '2026-07-01T19:00:00+02:00',
    description: '<p>x</p>',
    slug: 'flat-one',
    show_end_time: false,
    listed: false,
    minimum_age: 0,
    capacity: 0,
  }
  const made = await call('POST', '/admin/events.json', cli, flat)
  assert.equal(made.status, 201)
  assert.equal(made.headers.location, '/admin/events/flat-one.json')
  decode(eventKinds, made.body)
  for (const [time, title] of [
    ['2026-05-01T21:00:00', 'A'],
    ['2026-05-01T21:00:00.000+02:00', 'B'],
    ['2026-05-01T19:00:00.000Z', 'C'],
  ] as const) {
    const event = {
      title,
      venue_id: title === 'A' ? String(venueId) : venueId,
      starts_at: time,
      ends_at: '2026-05-02T03:00:00',
      capacity: 0,
      description: '',
      listed: true,
    }
    const wrapped = await call('POST', '/admin/events', { ...n8n, 'idempotency-key': `5c3f-${title}` }, { event })
    assert.equal(wrapped.status, 201, wrapped.text)
    decode(eventKinds, wrapped.body)
    assert.equal((wrapped.body as { starts_at: string }).starts_at, '2026-05-01T19:00:00Z')
    const again = await call('POST', '/admin/events', { ...n8n, 'idempotency-key': `5c3f-${title}` }, { event })
    assert.deepEqual([again.status, again.body], [201, wrapped.body])
  }
})

test('events: changed flat and wrapped; an update with no field chosen is 200 and changes nothing', async () => {
  const { body: before } = await call('GET', '/admin/events/flat-one', cli)
  const nothing = await call('PATCH', '/admin/events/flat-one', n8n, { event: {} })
  assert.equal(nothing.status, 200)
  decode(eventKinds, nothing.body)
  assert.deepEqual((await call('GET', '/admin/events/flat-one', cli)).body, before)
  assert.equal((await call('PATCH', '/admin/events/flat-one.json', cli, { listed: false })).status, 200)
  const note = await call('PATCH', '/admin/events/flat-one.json', cli, { attendee_note: '' })
  assert.equal((note.body as { attendee_note: null }).attendee_note, null)
  assert.deepEqual(
    (await call('POST', '/admin/events.json', cli, { venue_id: 1, starts_at: flatTime, ends_at: flatTime })).body,
    { errors: { title: ["can't be blank"] } },
  )
})

test('events: published, withdrawn, copied and deleted by requests without a body, typed as a form or not at all', async () => {
  for (const headers of [{ ...n8n, ...form }, cli]) {
    const published = await call('POST', '/admin/events/flat-one/publication', headers)
    assert.equal(published.status, 200, published.text)
    decode(eventKinds, published.body)
    decode(eventKinds, (await call('DELETE', '/admin/events/flat-one/publication.json', cli)).body)
  }
  const copy = await call('POST', '/admin/events/flat-one/duplication.json', cli)
  assert.deepEqual(
    [copy.status, (copy.body as { slug: string }).slug, (copy.body as { published: boolean }).published],
    [201, 'copy-of-flat', false],
  )
  const gone = await call('DELETE', '/admin/events/copy-of-flat.json', cli)
  assert.deepEqual([gone.status, gone.text], [204, ''])
})
