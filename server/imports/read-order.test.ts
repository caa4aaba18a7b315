import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOrder } from './read-order.ts'

const rules = {
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  now: new Date('2026-06-01T12:00:00Z'),
  knownSlugs: new Set(['spring-showcase']),
  createEvents: false,
}
const item = { ticket_title: 'General Admission', unit_price: '21.00', quantity: 2 }
const refund = { amount: '10.00', refunded_at: '2026-05-01T08:00:00Z' }
const example = {
  ref: 'EXT-1',
  created_at: '2026-04-22T12:34:00Z',
  paid_at: '2026-04-22T12:34:50Z',
  email: 'Jane@Example.com',
  name: 'Jane Doe',
  event_slug: 'spring-showcase',
  items: [item],
  refunds: [refund],
}
const read = (changes: object) => readOrder(JSON.stringify({ ...example, ...changes }), rules)
const reasonFor = (changes: object) => {
  const order = read(changes)
  return typeof order === 'string' ? order : 'is good'
}
const good = (changes: object) => {
  const order = read(changes)
  assert.ok(typeof order !== 'string', String(order))
  return order
}

const bad: [changes: object, reason: string][] = [
  [{ ref: undefined }, "ref can't be blank"],
  [{ ref: 7 }, 'ref must be text'],
  [{ ref: ' ' }, "ref can't be blank"],
  [{ ref: 'x'.repeat(256) }, 'ref is longer than 255 characters'],
  [{ email: null }, "email can't be blank"],
  [{ email: 'jane' }, 'email is invalid'],
  [{ name: 'a\u0000b' }, "name has characters that can't be stored"],
  [{ name: '\ud800' }, "name has characters that can't be stored"],
  [{ name: ['Jane'] }, 'name must be text'],
  [{ phone: '1'.repeat(51) }, 'phone is longer than 50 characters'],
  [{ marketing_consent: 'yes' }, 'marketing_consent must be true or false'],
  [{ event_slug: 'other' }, 'event_slug must exist: there is no event "other" (--create-events makes it)'],
  [{ paid_at: undefined }, "paid_at can't be blank"],
  [{ paid_at: '22.04.2026' }, 'paid_at is not a time such as "2026-04-22T12:34:50Z"'],
  [{ paid_at: 1_745_325_290 }, 'paid_at is not a time such as "2026-04-22T12:34:50Z"'],
  [{ paid_at: '2026-06-01T12:00:01Z' }, 'paid_at is in the future'],
  [{ created_at: '2026-04-22T12:34:51Z' }, 'created_at is after paid_at'],
  [{ items: undefined }, "items can't be blank"],
  [{ items: [] }, "items can't be empty"],
  [{ items: {} }, 'items must be a list'],
  [{ items: [7] }, 'items[0] is not a JSON object'],
  [{ items: [item, { ...item, ticket_title: '' }] }, "items[1].ticket_title can't be blank"],
  [{ items: [{ ...item, unit_price: 21 }] }, 'items[0].unit_price must be a decimal string such as "21.00"'],
  [{ items: [{ ...item, unit_price: '21.001' }] }, 'items[0].unit_price is not an amount in EUR'],
  [{ items: [{ ...item, unit_price: '-1.00' }] }, 'items[0].unit_price is not an amount in EUR'],
  [{ items: [{ ...item, unit_price: '10000000000.00' }] }, 'items[0].unit_price is too high'],
  ...[0, 10_001, 1.5, '2', null].map((quantity): [object, string] => [
    { items: [{ ...item, quantity }] },
    'items[0].quantity must be a whole number between 1 and 10000',
  ]),
  [{ refunds: [{ ...refund, amount: '0.00' }] }, 'refunds[0].amount must be greater than 0'],
  [{ refunds: [{ ...refund, amount: 10 }] }, 'refunds[0].amount must be a decimal string such as "21.00"'],
  [{ refunds: [refund, { ...refund, amount: '32.01' }] }, 'refunds are more than the total of the items'],
  [{ refunds: [{ ...refund, refunded_at: '2026-04-22T12:34:49Z' }] }, 'refunds[0].refunded_at is before paid_at'],
  [{ refunds: [{ ...refund, refunded_at: '2026-06-01T12:00:01Z' }] }, 'refunds[0].refunded_at is in the future'],
]

for (const [changes, reason] of bad) {
  test(`a line with ${JSON.stringify(changes).slice(0, 80)} is bad: ${reason}`, () =>
    assert.equal(reasonFor(changes), reason))
}

for (const [line, reason] of [
  ['{', 'is not JSON'],
  ['[]', 'is not a JSON object'],
  ['null', 'is not a JSON object'],
  ['"text"', 'is not a JSON object'],
] as const) {
  test(`the line ${line} ${reason}`, () => assert.equal(readOrder(line, rules), reason))
}

test('what may be left out may be null too, and an order began when it was paid unless it says otherwise', () => {
  for (const missing of [undefined, null]) {
    const left = { created_at: missing, name: missing, company: missing, marketing_consent: missing, refunds: missing }
    const order = good(left)
    assert.deepEqual([order.name, order.company, order.marketingConsent, order.refunds], [null, null, false, []])
    assert.deepEqual(order.createdAt, order.paidAt)
  }
})

test('texts are trimmed, only the ref is kept as it is', () => {
  const order = good({ ref: ' A ', name: ' Jane ', company: '  ', email: ' JANE@example.com ' })
  assert.deepEqual([order.ref, order.name, order.company, order.email], [' A ', 'Jane', null, 'jane@example.com'])
})

test("a time without an offset is read in the account's zone", () => {
  assert.equal(good({ paid_at: '2026-04-22T14:34:50' }).paidAt.toISOString(), '2026-04-22T12:34:50.000Z')
})

test('an unknown event is good where events may be made, if its slug can be one', () => {
  const making = { ...rules, createEvents: true }
  const line = (slug: string) => JSON.stringify({ ...example, event_slug: slug, event_title: 'New' })
  assert.equal(typeof readOrder(line('new-one'), making), 'object')
  assert.equal(readOrder(line('New One'), making), 'event_slug is invalid')
})

test('the limits themselves are good', () => {
  const order = good({ items: [{ ...item, unit_price: '9999999999.99', quantity: 10_000 }], refunds: [] })
  assert.equal(order.totalMinor, 9_999_999_999_990_000n)
  assert.equal(good({ refunds: [refund, { ...refund, amount: '32.00' }] }).refundedMinor, 4200n)
  assert.equal(good({ paid_at: '2026-06-01T12:00:00Z', created_at: null, refunds: [] }).totalMinor, 4200n)
})
