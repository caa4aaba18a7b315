import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { examine } from '../doctor/examine.ts'
import { ImportRefused } from './bad-lines.ts'
import { importOrders } from './import-orders.ts'

const world = await openWorld()
world.setTime('2026-06-01T12:00:00Z')

const example = {
  ref: 'EXT-1',
  created_at: '2026-04-22T12:34:00Z',
  paid_at: '2026-04-22T12:34:50Z',
  email: 'Jane@Example.com',
  name: 'Jane Doe',
  company: null,
  phone: null,
  marketing_consent: true,
  event_slug: 'spring-showcase',
  event_title: 'Spring Showcase',
  items: [{ ticket_title: 'General Admission', unit_price: '21.00', quantity: 2 }],
  refunds: [{ amount: '10.00', refunded_at: '2026-05-01T08:00:00Z' }],
}

async function bringIn(
  club: Organizer,
  lines: (object | string)[],
  options: { createEvents?: boolean; dryRun?: boolean } = {},
) {
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  const half = Math.floor(text.length / 2)
  async function* source() {
    yield Buffer.from(text.slice(0, half))
    yield Buffer.from(text.slice(half))
  }
  return importOrders(world.db, account, source(), { createEvents: true, dryRun: false, now: world.now(), ...options })
}

const customersOf = async (club: Organizer) => expect(200, await world.get(club, '/admin/customers?period=all_time'))
const ordersOf = async (club: Organizer) => expect(200, await world.get(club, '/admin/orders?period=all_time'))
const assertSound = async () => {
  const report = await examine(world.db, world.now())
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  )
}

test('the documented line makes a customer, an order with tickets and refund, and an unpublished event', async () => {
  const club = await world.organizer()

  assert.deepEqual(await bringIn(club, [example]), { imported: 1, skipped: 0, customers: 1 })

  const { customers, stats } = await customersOf(club)
  assert.deepEqual(stats, { customer_count: 1, total_spent: { amount: '32.00', currency: 'EUR' } })
  assert.equal(customers[0].email, 'jane@example.com')
  assert.deepEqual([customers[0].created_at, customers[0].marketing_consent_at], [example.paid_at, example.paid_at])
  const { orders } = await ordersOf(club)
  const { status, origin, payment_provider, item_count, total, created_at, paid_at } = orders[0]
  assert.deepEqual(
    [status, origin, payment_provider, item_count, total.amount, created_at, paid_at],
    ['partially_refunded', 'import', 'import', 2, '42.00', example.created_at, example.paid_at],
  )
  const event = expect(200, await world.get(club, '/admin/events/spring-showcase'))
  assert.deepEqual([event.published, event.starts_at, event.stats.sold_count], [false, example.paid_at, 2])
  const { tickets } = expect(200, await world.get(club, '/admin/events/spring-showcase/tickets'))
  assert.deepEqual([tickets[0].state, tickets[0].unlimited_stock], ['hidden', true])
  await assertSound()
})

test('importing twice changes nothing, nor does the same ref again in one file', async () => {
  const club = await world.organizer()
  await bringIn(club, [example, { ...example, name: 'Other' }])
  const before = [await customersOf(club), await ordersOf(club)]

  assert.deepEqual(await bringIn(club, [example]), { imported: 0, skipped: 1, customers: 0 })

  assert.deepEqual([await customersOf(club), await ordersOf(club)], before)
  assert.equal(before[1].orders.length, 1)
})

test('lines in any order make the same customers', async () => {
  const lines = [
    {
      ...example,
      ref: 'A',
      paid_at: '2026-01-05T10:00:00Z',
      created_at: undefined,
      name: 'J. Doe',
      marketing_consent: false,
      refunds: [],
    },
    { ...example, ref: 'B', paid_at: '2026-02-05T10:00:00Z', created_at: undefined, name: '', company: 'Acme' },
    { ...example, ref: 'C', paid_at: '2026-03-05T10:00:00Z', created_at: undefined, name: 'Jane D.', company: null },
  ]
  const shapes = []
  for (const order of [
    lines,
    [...lines].reverse(),
    [lines[1], lines[2], lines[0]].filter((line) => line !== undefined),
  ]) {
    const club = await world.organizer()
    await bringIn(club, order)
    const [{ id: _, ...customer }] = (await customersOf(club)).customers
    shapes.push(customer)
  }
  assert.deepEqual(shapes[1], shapes[0])
  assert.deepEqual(shapes[2], shapes[0])
  assert.deepEqual(
    [shapes[0].name, shapes[0].company, shapes[0].created_at],
    ['Jane D.', 'Acme', '2026-01-05T10:00:00Z'],
  )
  assert.equal(shapes[0].marketing_consent_at, '2026-02-05T10:00:00Z')
})

test('one bad line stops the import, leaves nothing behind, and every bad line is listed with its number', async () => {
  const club = await world.organizer()
  const bad: (object | string)[] = [
    { ...example, ref: 'ok' },
    'not json',
    { ...example, ref: 'b1', email: 'nobody' },
    { ...example, ref: 'b2', paid_at: '2027-01-01T00:00:00Z' },
    { ...example, ref: 'b3', items: [{ ticket_title: 'GA', unit_price: 21, quantity: 1 }] },
    { ...example, ref: 'b4', items: [{ ticket_title: 'GA', unit_price: '1.00', quantity: 10_001 }] },
    { ...example, ref: 'b5', items: [{ ticket_title: 'GA', unit_price: '10000000000.00', quantity: 1 }] },
    { ...example, ref: 'b6', refunds: [{ amount: '42.01', refunded_at: '2026-05-01T08:00:00Z' }] },
    { ...example, ref: '' },
  ]

  const refusal = await bringIn(club, bad).then(
    () => assert.fail('imported bad lines'),
    (error: unknown) => error,
  )

  assert.ok(refusal instanceof ImportRefused)
  assert.deepEqual(
    refusal.badLines.map(({ line }) => line),
    [2, 3, 4, 5, 6, 7, 8, 9],
  )
  assert.equal((await customersOf(club)).stats.customer_count, 0)
  assert.equal((await world.get(club, '/admin/events/spring-showcase')).status, 404)
})

test('of many bad lines the first hundred are listed, and all are counted', async () => {
  const club = await world.organizer()
  const refusal = await bringIn(club, Array(250).fill('{}')).catch((error: unknown) => error)
  assert.ok(refusal instanceof ImportRefused)
  assert.deepEqual([refusal.badLines.length, refusal.badLines[99]?.line, refusal.total], [100, 100, 250])
  assert.match(refusal.message, /250 lines are bad\nline 1: .*\n[\s\S]*and 150 more$/)
})

test('an order that was refunded whole is refunded, its tickets fill no place, and its buyer stays with 0.00', async () => {
  const club = await world.organizer()
  const refunds = [
    { amount: '32.00', refunded_at: '2026-05-03T08:00:00Z' },
    { amount: '10.00', refunded_at: '2026-05-01T08:00:00Z' },
  ]
  const free = { ...example, ref: 'EXT-2', items: [{ ...example.items[0], unit_price: '0.00' }], refunds: [] }

  await bringIn(club, [{ ...example, refunds }, free])

  const { customers, stats } = await customersOf(club)
  assert.deepEqual(stats, { customer_count: 1, total_spent: { amount: '0.00', currency: 'EUR' } })
  const { orders } = expect(200, await world.get(club, `/admin/customers/${customers[0].id}`))
  assert.deepEqual(
    orders.map((order: { status: string }) => order.status),
    ['paid', 'refunded'],
  )
  const { items } = expect(200, await world.get(club, `/admin/orders/${orders[1].public_id}`))
  assert.deepEqual(
    items.map((item: { admission_status: string }) => item.admission_status),
    ['cancelled', 'cancelled'],
  )
  const event = expect(200, await world.get(club, '/admin/events/spring-showcase'))
  assert.equal(event.stats.sold_count, 2)
  await assertSound()
})

test('an order has the lines and one ticket for each admission that the file says, under codes of its own', async () => {
  const club = await world.organizer()
  const items = [
    { ticket_title: 'General Admission', unit_price: '21.00', quantity: 2 },
    { ticket_title: 'Reduced\t\\N', unit_price: '9.50', quantity: 1 },
    { ticket_title: 'General Admission', unit_price: '18.00', quantity: 1 },
  ]
  await bringIn(club, [{ ...example, items, refunds: [] }])

  const [{ public_id }] = (await ordersOf(club)).orders
  const order = expect(200, await world.get(club, `/admin/orders/${public_id}`))
  assert.equal(order.total.amount, '69.50')
  assert.deepEqual(
    order.lines.map((line: { name: string; unit_price: { amount: string }; quantity: number }) => ({
      ticket_title: line.name,
      unit_price: line.unit_price.amount,
      quantity: line.quantity,
    })),
    items,
  )
  assert.equal(order.items.length, 4)
  assert.equal(new Set(order.items.map((item: { check_in_code: string }) => item.check_in_code)).size, 4)
  const { tickets } = expect(200, await world.get(club, '/admin/events/spring-showcase/tickets'))
  assert.deepEqual(
    tickets.map((ticket: { title: string; price: { amount: string } }) => [ticket.title, ticket.price.amount]),
    [
      ['General Admission', '18.00'],
      ['Reduced\t\\N', '9.50'],
    ],
  )
  await assertSound()
})

test('an unknown event is a bad line unless events may be made', async () => {
  const club = await world.organizer()
  await assert.rejects(bringIn(club, [example], { createEvents: false }), ImportRefused)
})

test('a dry run counts and writes nothing', async () => {
  const club = await world.organizer()
  assert.deepEqual(await bringIn(club, [example], { dryRun: true }), { imported: 1, skipped: 0, customers: 1 })
  assert.equal((await customersOf(club)).stats.customer_count, 0)
})

test('items join the ticket type of their title, and never fail for stock', async () => {
  const club = await world.organizer()
  const { slug } = await world.event(club, { stock: 3 })
  await bringIn(club, [
    {
      ...example,
      event_slug: slug,
      items: [{ ticket_title: 'General Admission', unit_price: '5.00', quantity: 7 }],
      refunds: [],
    },
  ])
  const { tickets } = expect(200, await world.get(club, `/admin/events/${slug}/tickets`))
  assert.equal(tickets.length, 1)
  const { stats } = expect(200, await world.get(club, `/admin/events/${slug}`))
  assert.deepEqual([stats.sold_count, stats.remaining_count], [7, 0])
  await assertSound()
})

test('an imported older order joins a customer of the shop, moves back when they came, and keeps their later name', async () => {
  const club = await world.organizer()
  await world.paidOrder(club, { email: 'jane@example.com', name: 'Jane of Today' })
  assert.deepEqual(await bringIn(club, [example]), { imported: 1, skipped: 0, customers: 0 })
  const [customer] = (await customersOf(club)).customers
  assert.deepEqual(
    [customer.name, customer.created_at, customer.total_spent.amount],
    ['Jane of Today', example.paid_at, '53.00'],
  )
  await assertSound()
})

for (const [currency, price, total] of [
  ['JPY', '2100', '4200'],
  ['KWD', '2.125', '4.250'],
]) {
  test(`amounts have the decimals of ${currency}`, async () => {
    const club = await world.organizer({ currency })
    await bringIn(club, [{ ...example, items: [{ ticket_title: 'GA', unit_price: price, quantity: 2 }], refunds: [] }])
    assert.deepEqual((await customersOf(club)).stats.total_spent, { amount: total, currency })
  })
}

test('a buyer pays without waiting for an import that runs meanwhile', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const lines = Array.from({ length: 3000 }, (_, n) => ({
    ...example,
    ref: `M-${n}`,
    email: `buyer${n}@example.com`,
    event_slug: slug,
  }))
  const importing = bringIn(club, lines)
  let slowestMs = 0
  for (let n = 0; n < 5; n++) {
    const from = performance.now()
    await world.paidOrder(club, { eventSlug: slug, ticketId, email: `shopper${n}@example.com` })
    slowestMs = Math.max(slowestMs, performance.now() - from)
  }
  assert.equal((await importing).imported, 3000)
  assert.ok(slowestMs < 1000 * patience, `the slowest took ${Math.round(slowestMs)} ms`)
  await assertSound()
})

/** A machine that does several things at once is slower; the promise is about an idle one. */
const patience = 5
