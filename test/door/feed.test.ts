import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const shop = { host: `${club.subdomain}.foyer.test`, accept: 'application/json' }
const { slug, ticketId } = await world.event(club, { title: 'Spring', stock: 2 })
const slugs = async () =>
  expect(200, await world.shop(club, 'GET', '/events')).events.map((event: { slug: string }) => event.slug)
const show = (name: string) => world.shop(club, 'GET', `/events/${name}`)

test('the feed is open to pages of every site, for a minute to every cache, and says where it is public', async () => {
  for (const path of ['/events', '/events.json', `/events/${slug}`]) {
    const answer = await ask(world, 'GET', path, { ...shop, origin: 'https://example.com' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers['cache-control'], 'public, max-age=60')
    assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin')
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.match(String(answer.headers['content-type']), /^application\/json/)
  }
})

test('a page of another site may ask with If-None-Match: the preflight is answered', async () => {
  const headers = {
    ...shop,
    origin: 'https://example.com',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'if-none-match',
  }
  for (const path of ['/events', `/events/${slug}`]) {
    const answer = await ask(world, 'OPTIONS', path, headers)
    assert.equal(answer.status, 204, path)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.match(String(answer.headers['access-control-allow-methods']), /GET/)
    assert.match(String(answer.headers['access-control-allow-headers']), /if-none-match/i)
  }
})

test('OPTIONS on an unknown path is no invitation', async () => {
  const preflight = { ...shop, origin: 'https://example.com', 'access-control-request-method': 'GET' }
  for (const headers of [shop, preflight]) {
    assert.equal((await ask(world, 'OPTIONS', '/nothing', headers)).status, 404)
    const admin = await ask(world, 'OPTIONS', '/admin/customers', headers)
    assert.deepEqual([admin.status, admin.headers['access-control-allow-origin']], [401, undefined])
  }
})

test('whoever knows the feed by its ETag is answered 304', async () => {
  for (const path of ['/events', `/events/${slug}`]) {
    const { etag } = (await ask(world, 'GET', path, shop)).headers
    const again = await ask(world, 'GET', path, { ...shop, 'if-none-match': String(etag) })
    assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag])
    assert.equal(again.headers['cache-control'], 'public, max-age=60')
    assert.equal(again.headers['access-control-allow-origin'], '*')
  }
})

test('HEAD of the feed is GET without the body', async () => {
  for (const path of ['/events', `/events/${slug}`]) {
    const get = await ask(world, 'GET', path, shop)
    const head = await ask(world, 'HEAD', path, shop)
    assert.deepEqual(
      [head.status, head.text, head.headers.etag, head.headers['content-length']],
      [200, '', get.headers.etag, get.headers['content-length']],
    )
  }
})

test('an event in the feed has these keys and types, and no internal number', async () => {
  const [event] = expect(200, await world.shop(club, 'GET', '/events')).events
  assert.deepEqual(event, {
    slug,
    title: 'Spring',
    description: null,
    url: `http://${club.subdomain}.foyer.test/events/${slug}`,
    starts_at: '2030-06-01T20:00:00Z',
    ends_at: '2030-06-01T23:00:00Z',
    sales_starts_at: null,
    sales_ends_at: '2030-06-01T20:00:00Z',
    time_zone: 'Europe/Berlin',
    minimum_age: null,
    sold_out: false,
    image_url: null,
    venue: {
      name: 'Hall',
      address: 'Street 1',
      postal_code: '10115',
      city: 'Berlin',
      country: 'DE',
      latitude: null,
      longitude: null,
      time_zone: 'Europe/Berlin',
    },
    cheapest_available_price: { amount: '21.00', currency: 'EUR' },
  })
  const detail = expect(200, await show(slug))
  const tickets = [
    {
      id: ticketId,
      title: 'General Admission',
      price: { amount: '21.00', currency: 'EUR' },
      available: true,
      max_per_order: 100,
    },
  ]
  assert.deepEqual(detail, { ...event, tickets })
  assert.deepEqual(Object.keys(detail), [...Object.keys(event), 'tickets'])
})

test('drafts, unpublished and past events are hidden; unlisted ones open only by their name', async () => {
  const draft = expect(201, await world.send(club, 'POST', `/admin/events/${slug}/duplication`)).slug
  const past = (await world.event(club, { title: 'Past', startsAt: '2026-04-20T20:00:00Z' })).slug
  const running = (await world.event(club, { title: 'Running', startsAt: '2026-04-22T11:00:00Z' })).slug
  const unlisted = (await world.event(club, { title: 'Unlisted' })).slug
  expect(200, await world.send(club, 'PATCH', `/admin/events/${unlisted}`, { listed: false }))
  const withdrawn = (await world.event(club, { title: 'Withdrawn' })).slug
  expect(200, await world.send(club, 'DELETE', `/admin/events/${withdrawn}/publication`))

  assert.deepEqual(await slugs(), [running, slug])
  for (const hidden of [draft, past, withdrawn, 'unknown', '%00', 'a'.repeat(250)]) {
    const answer = await show(hidden)
    assert.deepEqual([answer.status, answer.body], [404, { error: 'Not found' }], hidden)
  }
  assert.equal(expect(200, await show(unlisted)).slug, unlisted)
})

test('an old name of an event leads to it, under its new name', async () => {
  const { slug: old } = await world.event(club, { title: 'Old Name' })
  expect(200, await world.send(club, 'PATCH', `/admin/events/${old}`, { slug: 'new-name' }))
  assert.equal(expect(200, await show(old)).slug, 'new-name')
})

test('prices and places follow what can be bought at this moment', async () => {
  const shown = async () => {
    const { sold_out, cheapest_available_price, tickets } = expect(200, await show(slug))
    return [
      sold_out,
      cheapest_available_price?.amount ?? null,
      ...tickets.map((ticket: { available: boolean }) => ticket.available),
    ]
  }
  const hidden = expect(
    201,
    await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, {
      title: 'Crew',
      price: '1.00',
      state: 'hidden',
    }),
  )
  const dear = expect(
    201,
    await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, {
      title: 'Balcony',
      price: '50.00',
      stock: 1,
    }),
  )
  assert.deepEqual(await shown(), [false, '21.00', true, true])

  const held = expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 2 }] }),
  )
  assert.deepEqual(await shown(), [false, '50.00', false, true])
  await world.paidOrder(club, { eventSlug: slug, ticketId: dear.id })
  assert.deepEqual(await shown(), [true, null, false, false])
  assert.equal((await world.shop(club, 'DELETE', `/checkouts/${held.public_id}`)).status, 204)
  assert.deepEqual(await shown(), [false, '21.00', true, false])

  expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 2 }] }),
  )
  assert.deepEqual(await shown(), [true, null, false, false])
  world.setTime('2026-04-22T12:49:51Z')
  assert.deepEqual(await shown(), [false, '21.00', true, false], 'a hold that ran out counts as free')
  const crew = await world.shop(club, 'POST', '/checkouts', {
    event_slug: slug,
    items: [{ ticket_id: hidden.id, quantity: 1 }],
  })
  assert.deepEqual([crew.status, crew.body], [422, { errors: { items: ['must exist'] } }])
})

test('an event without ticket types is not sold out and has no price', async () => {
  const { slug: bare, ticketId: only } = await world.event(club, { title: 'Bare' })
  assert.equal((await world.send(club, 'DELETE', `/admin/events/${bare}/tickets/${only}`)).status, 204)
  const { sold_out, cheapest_available_price, tickets } = expect(200, await show(bare))
  assert.deepEqual([sold_out, cheapest_available_price, tickets], [false, null, []])
})
