import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'
import { decode } from './strict-decoding.ts'
import { callerOf, cli, n8n } from './wire-client.ts'
import {
  customerKinds,
  feedEventKinds,
  money,
  orderDetailKinds,
  orderKinds,
  pagination,
  ticketKinds,
  venueKinds,
} from './wire-kinds.ts'

/** What the known clients of this wire send, to the letter, and the types that their decoders insist on. */

const world = await openWorld()
const club = await world.organizer()
const { slug, id: eventId, ticketId } = await world.event(club, { title: 'Summer', stock: 100, taxRate: '19.0' })
const bought = await world.paidOrder(club, {
  eventSlug: slug,
  ticketId,
  quantity: 2,
  name: 'Anna Schmidt',
  company: 'Acme GmbH',
  phone: '+49 30 1234567',
  marketingConsent: true,
})
await world.paidOrder(club, { eventSlug: slug, ticketId, email: 'bare@example.com', name: null })
const [, customer] = expect(200, await world.get(club, '/admin/customers')).customers

const call = callerOf(world, club)

test('the command line signs in with HEAD /admin/events.json', async () => {
  const answer = await call('HEAD', '/admin/events.json', cli)
  assert.deepEqual([answer.status, answer.body], [200, undefined])
})

test('the automation tool tests its credential with GET /admin/identity', async () => {
  assert.equal((await call('GET', '/admin/identity', n8n)).status, 200)
})

test('customers: the list as the command line asks for it', async () => {
  for (const query of [
    'limit=50',
    'limit=50&period=month',
    'event_slug=summer&limit=50&marketing_only=1&period=all&query=anna+schmidt',
    'limit=1&query=jane%40example.com',
  ]) {
    const { status, body } = await call('GET', `/admin/customers.json?${query}`, cli)
    assert.equal(status, 200)
    decode({ customers: [customerKinds], stats: { customer_count: 'integer', total_spent: money }, pagination }, body)
    assert.ok((body as { customers: unknown[] }).customers.length > 0, query)
  }
})

test('customers: the pages that the command line follows, with the same filters and the cursor', async () => {
  const cursors = new Set<string>()
  let page = ''
  for (;;) {
    const { body } = await call('GET', `/admin/customers.json?limit=1${page}&period=all`, cli)
    const { next_page } = (body as { pagination: { next_page: string | null } }).pagination // decoded strictly above
    if (next_page === null) break
    assert.notEqual(next_page, '')
    assert.ok(!cursors.has(next_page), 'repeated pagination cursor')
    cursors.add(next_page)
    page = `&page=${encodeURIComponent(next_page)}`
  }
  assert.equal(cursors.size, 1)
})

test('customers: one with its orders, and one change at a time', async () => {
  const { body } = await call('GET', `/admin/customers/${customer.id}.json`, cli)
  decode({ ...(customerKinds as object), orders: [orderKinds] }, body)
  const changed = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, {
    customer: { salutation: 'ms', title: 'Dr.', phone: '' },
  })
  decode(customerKinds, changed.body)
  const { salutation, title, phone } = changed.body as Record<string, unknown>
  assert.deepEqual([changed.status, salutation, title, phone], [200, 'ms', 'Dr.', null])
  const none = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: '' } })
  assert.equal((none.body as Record<string, unknown>).salutation, null)
  const sir = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, {
    customer: { salutation: 'sir', title: 'Prof.' },
  })
  assert.deepEqual([sir.status, sir.body], [422, { errors: { salutation: ['is not included in the list'] } }])
  assert.equal(
    ((await call('GET', `/admin/customers/${customer.id}`, cli)).body as Record<string, unknown>).title,
    'Dr.',
  )
  assert.deepEqual((await call('GET', '/admin/customers/999999.json', cli)).body, { error: 'Not found' })
})

test('orders: the list, and one by public id or code in any spelling', async () => {
  for (const query of [
    'limit=50',
    'event_slug=summer&include_archived=1&limit=50&period=all',
    'limit=50&query=%40summer',
    `limit=50&query=${bought.display_number}`,
  ]) {
    const { status, body } = await call('GET', `/admin/orders.json?${query}`, cli)
    assert.equal(status, 200)
    decode({ orders: [orderKinds], stats: { order_count: 'integer', revenue: money }, pagination }, body)
    assert.ok((body as { orders: unknown[] }).orders.length > 0, query)
  }
  for (const ref of [
    bought.public_id,
    bought.order_code,
    bought.order_code.toLowerCase(),
    bought.display_number,
    bought.display_number.toLowerCase(),
  ]) {
    const { status, body } = await call('GET', `/admin/orders/${ref}.json`, cli)
    assert.equal(status, 200, ref)
    decode(orderDetailKinds, body)
    const { lines, items } = body as { lines: { product_id: string }[]; items: { event_id: number }[] } // decoded
    assert.deepEqual(
      [lines.map((line) => line.product_id), items.map((item) => item.event_id)],
      [[String(ticketId)], [eventId, eventId]],
    )
  }
})

test('orders: archived and restored without a body and without a content type', async () => {
  for (const [method, archived] of [
    ['POST', true],
    ['DELETE', false],
  ] as const) {
    const { status, body } = await call(method, `/admin/orders/${bought.public_id}/archival.json`, cli)
    assert.equal(status, 200)
    decode(orderKinds, body)
    assert.equal((body as { archived: boolean }).archived, archived)
  }
})

test('orders: refunded in part by a flat amount, then wholly without a body, and cancelled', async () => {
  const order = await world.paidOrder(club, { eventSlug: slug, ticketId, quantity: 2 })
  const part = await call('POST', `/admin/orders/${order.display_number}/refund.json`, cli, { amount: '5.00' })
  assert.equal(part.status, 200, part.text)
  decode(orderKinds, part.body)
  assert.equal((part.body as { status: string }).status, 'partially_refunded')
  const rest = await call('POST', `/admin/orders/${order.public_id}/refund.json`, cli)
  assert.equal((rest.body as { status: string }).status, 'refunded')
  const again = await call('POST', `/admin/orders/${order.public_id}/refund.json`, cli)
  assert.equal(again.status, 409)
  decode({ errors: { base: ['string'] } }, again.body)
  const { public_id } = await world.paidOrder(club, { eventSlug: slug, ticketId })
  const cancelled = await call('POST', `/admin/orders/${public_id}/cancellation.json`, cli)
  assert.equal(cancelled.status, 200, cancelled.text)
  decode(orderKinds, cancelled.body)
  decode(orderDetailKinds, (await call('GET', `/admin/orders/${public_id}.json`, cli)).body)
})

test('tickets: the documented requests and fields', async () => {
  const made = await call('POST', `/admin/events/${slug}/standard_tickets`, cli, {
    title: 'Late bird',
    price: '15.00',
    stock: 50,
  })
  assert.equal(made.status, 201)
  decode(ticketKinds, made.body)
  const { body } = await call('GET', `/admin/events/${slug}/tickets`, cli)
  decode({ event: { id: 'integer', slug: 'string', title: 'string' }, tickets: [ticketKinds] }, body)
})

test('venues: the documented fields', async () => {
  const { body } = await call('GET', '/admin/venues', cli)
  decode(
    {
      venues: [venueKinds],
    },
    body,
  )
})

test('the public feed is read without a token and without .json', async () => {
  const answer = await ask(world, 'GET', '/events', {
    accept: 'application/json',
    host: `${club.subdomain}.foyer.test`,
  })
  decode({ events: [feedEventKinds] }, answer.json())
})

test('errors: lists of strings by field, and a word that the client knows for each status', async () => {
  const answers = [
    await call('GET', '/admin/customers.json?limit=0', cli),
    await call('POST', '/admin/events.json', cli, {}),
    await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: 'sir' } }),
  ]
  for (const { status, body } of answers) {
    assert.equal(status, 422)
    for (const messages of Object.values((body as { errors: Record<string, string[]> }).errors))
      decode(['string'], messages)
  }
  const stranger = await ask(world, 'GET', '/admin/events.json', { ...cli, authorization: 'Bearer wrong' })
  assert.deepEqual([stranger.status, stranger.headers.location], [401, undefined])
})
