import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'
import { decode, type Kind } from './strict-decoding.ts'

/** What the known clients of this wire send, to the letter, and the types that their decoders insist on. */

const world = await openWorld()
const club = await world.organizer()
const { slug, id: eventId, ticketId } = await world.event(club, { title: 'Summer', stock: 100, taxRate: '19.0' })
const bought = await world.paidOrder(club, { eventSlug: slug, ticketId, quantity: 2, name: 'Anna Schmidt', company: 'Acme GmbH', phone: '+49 30 1234567', marketingConsent: true })
await world.paidOrder(club, { eventSlug: slug, ticketId, email: 'bare@example.com', name: null })
const [, customer] = expect(200, await world.get(club, '/admin/customers')).customers

const cli = { accept: 'application/json', 'user-agent': 'usetix-cli/1.4.0', 'accept-encoding': 'gzip' }
const n8n = { accept: 'application/json', 'user-agent': 'axios/1.7.9', 'accept-encoding': 'gzip, compress, deflate, br' }
const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' }

async function call(method: string, url: string, headers: Record<string, string>, body?: unknown) {
  const answer = await ask(world, method, url, { authorization: `Bearer ${club.writeToken}`, ...headers }, body)
  return { ...answer, body: answer.text === '' ? undefined : answer.json() }
}

const money = { amount: 'string', currency: 'string' } as const
const pagination = { total_count: 'integer', limit: 'integer?', next_page: 'string?' } as const
const customerKinds: Kind = {
  id: 'integer', email: 'string', salutation: 'string?', title: 'string?', name: 'string?', company: 'string?', phone: 'string?',
  total_spent: money, marketing_consent: 'boolean', marketing_consent_at: 'string?', created_at: 'string',
}
const orderKinds = {
  public_id: 'string', shop_url: 'string', order_code: 'string', display_number: 'string', status: 'string', origin: 'string',
  customer_name: 'string', customer_email: 'string?', delivery_email: 'string?', staff_note: 'string?', total: money,
  fees: { buyer_platform_fee: 'string', custom: 'string' }, payment_provider: 'string', archived: 'boolean', paid_at: 'string?',
  created_at: 'string', item_count: 'integer', line_count: 'integer', product_quantity: 'integer', attribution: {},
} as const
const lineKinds: Kind = {
  public_id: 'string', product_id: 'string?', product_type: 'string', name: 'string', description: 'string?', quantity: 'integer',
  unit_price: money, subtotal: money, discount: money, total: money, tax: { rate: 'string', amount: 'string', currency: 'string' }, fulfilled_at: 'string?',
}
const itemKinds: Kind = {
  public_id: 'string', check_in_code: 'string', display_check_in_code: 'string', ticket_title: 'string', attendee_name: 'string?',
  place_label: 'string?', event_id: 'integer', event_slug: 'string', redeemed: 'boolean', redeemed_at: 'string?',
  admission_status: 'string', admission_cancellation_status: 'string?', blocked_reason: 'string?',
}
const orderDetailKinds: Kind = { ...orderKinds, lines: [lineKinds], items: [itemKinds] }
const eventKinds = {
  id: 'integer', slug: 'string', title: 'string', description: 'string?', attendee_note: 'string?', starts_at: 'string?',
  doors_open_at: 'string?', ends_at: 'string?', show_end_time: 'boolean', sales_starts_at: 'string?', sales_ends_at: 'string?',
  published: 'boolean', listed: 'boolean', capacity: 'integer?', media: {}, checkout_fees: {}, venue: { id: 'integer', name: 'string', city: 'string' },
} as const
const eventDetailKinds: Kind = {
  ...eventKinds,
  stats: {
    sold_count: 'integer', admission_count: 'integer', remaining_count: 'integer?', sell_through_percentage: 'integer', total_orders: 'integer',
    total_revenue: money, redemption_rate: 'number?', sales_velocity: 'number', capacity_consumed: 'integer?', capacity_remaining: 'integer?',
  },
  tickets_breakdown: [{ title: 'string', kind: 'string', sold: 'integer', stock: 'integer?', price: money, revenue: money }],
}

test('the command line signs in with HEAD /admin/events.json', async () => {
  const answer = await call('HEAD', '/admin/events.json', cli)
  assert.deepEqual([answer.status, answer.body], [200, undefined])
})

test('the automation tool tests its credential with GET /admin/identity', async () => {
  assert.equal((await call('GET', '/admin/identity', n8n)).status, 200)
})

test('customers: the list as the command line asks for it', async () => {
  for (const query of ['limit=50', 'limit=50&period=month', 'event_slug=summer&limit=50&marketing_only=1&period=all&query=anna+schmidt', 'limit=1&query=jane%40example.com']) {
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
  const changed = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: 'ms', title: 'Dr.', phone: '' } })
  decode(customerKinds, changed.body)
  const { salutation, title, phone } = changed.body as Record<string, unknown>
  assert.deepEqual([changed.status, salutation, title, phone], [200, 'ms', 'Dr.', null])
  const none = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: '' } })
  assert.equal((none.body as Record<string, unknown>).salutation, null)
  const sir = await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: 'sir', title: 'Prof.' } })
  assert.deepEqual([sir.status, sir.body], [422, { errors: { salutation: ['is not included in the list'] } }])
  assert.equal(((await call('GET', `/admin/customers/${customer.id}`, cli)).body as Record<string, unknown>).title, 'Dr.')
  assert.deepEqual((await call('GET', '/admin/customers/999999.json', cli)).body, { error: 'Not found' })
})

test('orders: the list, and one by public id or code in any spelling', async () => {
  for (const query of ['limit=50', 'event_slug=summer&include_archived=1&limit=50&period=all', 'limit=50&query=%40summer', `limit=50&query=${bought.display_number}`]) {
    const { status, body } = await call('GET', `/admin/orders.json?${query}`, cli)
    assert.equal(status, 200)
    decode({ orders: [orderKinds], stats: { order_count: 'integer', revenue: money }, pagination }, body)
    assert.ok((body as { orders: unknown[] }).orders.length > 0, query)
  }
  for (const ref of [bought.public_id, bought.order_code, bought.order_code.toLowerCase(), bought.display_number, bought.display_number.toLowerCase()]) {
    const { status, body } = await call('GET', `/admin/orders/${ref}.json`, cli)
    assert.equal(status, 200, ref)
    decode(orderDetailKinds, body)
    const { lines, items } = body as { lines: { product_id: string }[]; items: { event_id: number }[] } // decoded
    assert.deepEqual([lines.map((line) => line.product_id), items.map((item) => item.event_id)], [[String(ticketId)], [eventId, eventId]])
  }
})

test('orders: archived and restored without a body and without a content type', async () => {
  for (const [method, archived] of [['POST', true], ['DELETE', false]] as const) {
    const { status, body } = await call(method, `/admin/orders/${bought.public_id}/archival.json`, cli)
    assert.equal(status, 200)
    decode(orderKinds, body)
    assert.equal((body as { archived: boolean }).archived, archived)
  }
})

test('events: the list and one', async () => {
  for (const url of ['/admin/events.json', '/admin/events.json?period=month', '/admin/events?period=all_time']) {
    const { status, body } = await call('GET', url, cli)
    assert.equal(status, 200)
    decode({ upcoming_events: [eventKinds], past_events: [eventKinds], stats: { upcoming_count: 'integer', revenue: money, tickets_sold: 'integer' } }, body)
  }
  decode(eventDetailKinds, (await call('GET', `/admin/events/${slug}.json`, cli)).body)
  decode(eventDetailKinds, (await call('GET', `/admin/events/${slug}`, n8n)).body)
})

test('events: made flat by the command line and wrapped by the automation tool', async () => {
  const { venues } = (await call('GET', '/admin/venues', n8n)).body as { venues: { id: number; name: string }[] }
  decode([{ id: 'integer', name: 'string' }], venues)
  const venueId = venues[0]?.id
  const flat = {
    title: 'Flat', venue_id: venueId, starts_at: '2026-07-01T20:00:00+02:00', ends_at: '2026-07-01T23:00:00+02:00', sales_ends_at: '2026-07-01T19:00:00+02:00',
    description: '<p>x</p>', slug: 'flat-one', show_end_time: false, listed: false, minimum_age: 0, capacity: 0,
  }
  const made = await call('POST', '/admin/events.json', cli, flat)
  assert.equal(made.status, 201)
  assert.equal(made.headers.location, '/admin/events/flat-one.json')
  decode(eventKinds, made.body)
  for (const [time, title] of [['2026-05-01T21:00:00', 'A'], ['2026-05-01T21:00:00.000+02:00', 'B'], ['2026-05-01T19:00:00.000Z', 'C']] as const) {
    const event = { title, venue_id: title === 'A' ? String(venueId) : venueId, starts_at: time, ends_at: '2026-05-02T03:00:00', capacity: 0, description: '', listed: true }
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
  assert.deepEqual((await call('POST', '/admin/events.json', cli, { venue_id: 1, starts_at: flatTime, ends_at: flatTime })).body, { errors: { title: ["can't be blank"] } })
})

const flatTime = '2026-07-01T20:00:00Z'

test('events: published, withdrawn, copied and deleted by requests without a body, typed as a form or not at all', async () => {
  for (const headers of [{ ...n8n, ...form }, cli]) {
    const published = await call('POST', '/admin/events/flat-one/publication', headers)
    assert.equal(published.status, 200, published.text)
    decode(eventKinds, published.body)
    decode(eventKinds, (await call('DELETE', '/admin/events/flat-one/publication.json', cli)).body)
  }
  const copy = await call('POST', '/admin/events/flat-one/duplication.json', cli)
  assert.deepEqual([copy.status, (copy.body as { slug: string }).slug, (copy.body as { published: boolean }).published], [201, 'copy-of-flat', false])
  const gone = await call('DELETE', '/admin/events/copy-of-flat.json', cli)
  assert.deepEqual([gone.status, gone.text], [204, ''])
})

test('tickets: the documented requests and fields', async () => {
  const ticket: Kind = {
    id: 'integer', title: 'string', kind: 'string', state: 'string', price: money, stock: 'integer?', unlimited_stock: 'boolean', position: 'integer',
    max_per_order: 'integer', max_per_customer: 'integer?', access_code_required: 'boolean',
  }
  const made = await call('POST', `/admin/events/${slug}/standard_tickets`, cli, { title: 'Late bird', price: '15.00', stock: 50 })
  assert.equal(made.status, 201)
  decode(ticket, made.body)
  const { body } = await call('GET', `/admin/events/${slug}/tickets`, cli)
  decode({ event: { id: 'integer', slug: 'string', title: 'string' }, tickets: [ticket] }, body)
})

test('venues: the documented fields', async () => {
  const { body } = await call('GET', '/admin/venues', cli)
  decode({ venues: [{ id: 'integer', name: 'string', address: 'string', city: 'string', postal_code: 'string', country: 'string', timezone: 'string', latitude: 'string?', longitude: 'string?', event_count: 'integer' }] }, body)
})

test('the public feed is read without a token and without .json', async () => {
  const answer = await ask(world, 'GET', '/events', { accept: 'application/json', host: `${club.subdomain}.foyer.test` })
  const event: Kind = {
    slug: 'string', title: 'string', description: 'string?', url: 'string', starts_at: 'string', ends_at: 'string', sales_starts_at: 'string?', sales_ends_at: 'string',
    time_zone: 'string', minimum_age: 'integer?', sold_out: 'boolean', image_url: 'string?',
    venue: { name: 'string', address: 'string', postal_code: 'string', city: 'string', country: 'string', latitude: 'string?', longitude: 'string?', time_zone: 'string' },
    cheapest_available_price: money,
  }
  decode({ events: [event] }, answer.json())
})

test('errors: lists of strings by field, and a word that the client knows for each status', async () => {
  const answers = [
    await call('GET', '/admin/customers.json?limit=0', cli),
    await call('POST', '/admin/events.json', cli, {}),
    await call('PATCH', `/admin/customers/${customer.id}.json`, cli, { customer: { salutation: 'sir' } }),
  ]
  for (const { status, body } of answers) {
    assert.equal(status, 422)
    for (const messages of Object.values((body as { errors: Record<string, string[]> }).errors)) decode(['string'], messages)
  }
  const stranger = await ask(world, 'GET', '/admin/events.json', { ...cli, authorization: 'Bearer wrong' })
  assert.deepEqual([stranger.status, stranger.headers.location], [401, undefined])
})
