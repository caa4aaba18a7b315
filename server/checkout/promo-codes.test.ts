import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'

const world = await openWorld()

/** A club with an event of two ticket types (10.00 with 19 %, 3.33 with 7 % tax), and one promo code. */
async function openSale(code: object = {}) {
  const club = await world.organizer()
  const { slug, id: eventId, ticketId } = await world.event(club, { price: '10.00', taxRate: '19.0' })
  const child = { title: 'Child', price: '3.33', tax_rate: '7.0' }
  const { id: childId } = expect(201, await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, child))
  const fields = { code: 'TEN', discount_type: 'percentage', discount_amount: '10', ...code }
  const { id: codeId } = expect(201, await world.send(club, 'POST', '/admin/promo_codes', fields))
  const cart = {
    event_slug: slug,
    items: [
      { ticket_id: ticketId, quantity: 2 },
      { ticket_id: childId, quantity: 1 },
    ],
  }
  const redemptions = async () => expect(200, await world.get(club, `/admin/promo_codes/${codeId}`)).redemptions_count
  return { club, slug, eventId, codeId, cart, redemptions }
}

const begin = (club: Organizer, cart: object, code: string | null = 'TEN') =>
  world.shop(club, 'POST', '/checkouts', { ...cart, promo_code: code })
const patch = (club: Organizer, id: string, changes: object) => world.shop(club, 'PATCH', `/checkouts/${id}`, changes)
const setBuyer = async (club: Organizer, id: string, email = 'jane@example.com') =>
  expect(200, await patch(club, id, { buyer: { email, name: 'Jane' } }))
const pay = (club: Organizer, id: string, provider = 'test') =>
  world.shop(club, 'POST', `/checkouts/${id}/payment`, { provider, outcome: 'succeed' })
const moneyOf = ({ subtotal, discount, total }: Record<string, { amount: string }>) =>
  [subtotal, discount, total].map((money) => money?.amount)

async function buy(club: Organizer, cart: object, email?: string) {
  const { public_id: id } = expect(201, await begin(club, cart))
  await setBuyer(club, id, email)
  return pay(club, id)
}

test('a code typed in any case takes its part off, shared over the lines; tax is what is in the rest', async () => {
  const { club, cart, redemptions } = await openSale()
  const checkout = expect(201, await begin(club, cart, ' ten '))

  assert.deepEqual(moneyOf(checkout), ['23.33', '2.33', '21.00'])
  assert.equal(checkout.promo_code, 'TEN')
  assert.deepEqual(
    checkout.items.map((item: { total: { amount: string } }) => item.total.amount),
    ['20.00', '3.33'],
  )
  await setBuyer(club, checkout.public_id)
  const { order } = expect(200, await pay(club, checkout.public_id))

  const { total, lines } = expect(200, await world.get(club, `/admin/orders/${order.public_id}`))
  assert.equal(total.amount, '21.00')
  assert.deepEqual(
    lines.map((line: Record<string, { amount: string; rate: string }>) => [
      ...['subtotal', 'discount', 'total', 'tax'].map((field) => line[field]?.amount),
      line.tax?.rate,
    ]),
    [
      ['20.00', '2.00', '18.00', '2.87', '19.0'],
      ['3.33', '0.33', '3.00', '0.20', '7.0'],
    ],
  )
  assert.equal(await redemptions(), 1)
  const [customer] = expect(200, await world.get(club, '/admin/customers')).customers
  assert.equal(customer.total_spent.amount, '21.00')
})

test('a code is set, changed for another and cleared while the checkout is pending', async () => {
  const { club, cart } = await openSale()
  const fixed = { code: 'FIVE', discount_type: 'fixed', discount_amount: '5.00' }
  expect(201, await world.send(club, 'POST', '/admin/promo_codes', fixed))
  const { public_id: id } = expect(201, await begin(club, cart, null))
  const totals = async (code: string | null) => moneyOf(expect(200, await patch(club, id, { promo_code: code })))

  assert.deepEqual(await totals('ten'), ['23.33', '2.33', '21.00'])
  assert.deepEqual(await totals('FIVE'), ['23.33', '5.00', '18.33'])
  assert.deepEqual(await totals(''), ['23.33', '0.00', '23.33'])
  assert.deepEqual(await totals('FIVE'), ['23.33', '5.00', '18.33'])
  const wrong = await patch(club, id, { promo_code: 'NONE', buyer: { email: 'a@example.com' } })
  assert.deepEqual([wrong.status, wrong.body.errors], [422, { promo_code: ['is invalid'] }])
  const after = expect(200, await world.shop(club, 'GET', `/checkouts/${id}`))
  assert.deepEqual([...moneyOf(after), after.promo_code, after.buyer], ['23.33', '5.00', '18.33', 'FIVE', null])
  assert.deepEqual(await totals(null), ['23.33', '0.00', '23.33'])
})

test('a code that takes everything off is paid by free, and counts until the order is cancelled', async () => {
  const { club, cart, redemptions } = await openSale({ discount_type: 'fixed', discount_amount: '100.00' })
  const checkout = expect(201, await begin(club, cart))
  assert.deepEqual([checkout.total.amount, checkout.payment_providers], ['0.00', ['free']])
  await setBuyer(club, checkout.public_id)
  const { order } = expect(200, await pay(club, checkout.public_id, 'free'))

  assert.equal(await redemptions(), 1)
  assert.deepEqual(expect(200, await world.get(club, `/admin/orders/${order.public_id}/invoices`)), [])
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`))
  assert.equal(await redemptions(), 0)
})

for (const [why, code, message] of [
  ['an unknown', { code: 'OTHER' }, 'is invalid'],
  ['a switched-off', { active: false }, 'is invalid'],
  ['an expired', { expires_at: '2026-04-22T12:34:50Z' }, 'has expired'],
] as const) {
  test(`${why} code is refused on promo_code`, async () => {
    const { club, cart } = await openSale(code)
    const answer = await begin(club, cart)
    assert.deepEqual([answer.status, answer.body.errors], [422, { promo_code: [message] }])
    assert.equal(expect(201, await begin(club, cart, '')).promo_code, null)
  })
}

test("another event's code and another account's are refused", async () => {
  const { club, cart, codeId } = await openSale()
  const { id: other } = await world.event(club, { title: 'Other' })
  expect(200, await world.send(club, 'PATCH', `/admin/promo_codes/${codeId}`, { event_id: other }))
  assert.deepEqual((await begin(club, cart)).body, { errors: { promo_code: ['is not valid for this event'] } })

  const rival = await openSale({ code: 'RIVAL' })
  assert.deepEqual((await begin(club, cart, 'RIVAL')).body, { errors: { promo_code: ['is invalid'] } })
  expect(201, await begin(rival.club, rival.cart, 'RIVAL'))
})

test('a pending checkout holds a use while its places are held; giving up, clearing or waiting too long frees it', async () => {
  const { club, cart } = await openSale({ usage_limit: 1 })
  const first = expect(201, await begin(club, cart))
  assert.deepEqual((await begin(club, cart)).body, { errors: { promo_code: ['is used up'] } })
  assert.equal(
    (await world.send(club, 'PATCH', `/admin/promo_codes/${(await listCodes(club))[0].id}`, { usage_limit: 1 })).status,
    200,
  )

  expect(204, await world.shop(club, 'DELETE', `/checkouts/${first.public_id}`))
  const second = expect(201, await begin(club, cart))
  expect(200, await patch(club, second.public_id, { promo_code: '' }))
  const third = expect(201, await begin(club, cart))
  world.setTime('2026-04-22T12:49:50Z')
  const fourth = expect(201, await begin(club, cart))
  await setBuyer(club, third.public_id)
  const late = await pay(club, third.public_id)
  assert.deepEqual([late.status, late.body.errors], [422, { promo_code: ['is used up'] }])
  expect(200, await patch(club, third.public_id, { promo_code: null }))
  expect(200, await pay(club, third.public_id))
  await setBuyer(club, fourth.public_id)
  expect(200, await pay(club, fourth.public_id))
  assert.equal((await begin(club, cart)).status, 422)
  world.setTime('2026-04-22T12:34:50Z')
})

test('a refunded order frees its use once all of it has gone back, a cancelled one at once', async () => {
  const { club, cart, redemptions } = await openSale({ usage_limit: 2 })
  const refunded = expect(200, await buy(club, cart)).order.public_id
  const cancelled = expect(200, await buy(club, cart)).order.public_id
  assert.equal((await begin(club, cart)).status, 422)

  expect(200, await world.send(club, 'POST', `/admin/orders/${refunded}/refund`, { amount: '5.00' }))
  expect(200, await world.send(club, 'POST', `/admin/orders/${refunded}/archival`))
  assert.equal(await redemptions(), 2)
  expect(200, await world.send(club, 'POST', `/admin/orders/${refunded}/refund`))
  assert.equal(await redemptions(), 1)
  expect(200, await world.send(club, 'POST', `/admin/orders/${cancelled}/cancellation`))
  assert.equal(await redemptions(), 0)
  expect(200, await buy(club, cart))
})

test('a customer uses a code as often as it says, by their e-mail', async () => {
  const { club, cart, redemptions } = await openSale({ max_per_customer: 1 })
  expect(200, await buy(club, cart, 'jane@example.com'))

  const again = await buy(club, cart, ' JANE@example.com')

  assert.deepEqual([again.status, again.body.errors], [422, { promo_code: ['is used up for this customer'] }])
  expect(200, await buy(club, cart, 'joe@example.com'))
  assert.equal(await redemptions(), 2)
})

test('a usage limit is never set below the uses that are taken', async () => {
  const { club, cart, codeId } = await openSale()
  expect(200, await buy(club, cart))
  expect(201, await begin(club, cart))
  const limit = (usage_limit: number) => world.send(club, 'PATCH', `/admin/promo_codes/${codeId}`, { usage_limit })

  assert.deepEqual((await limit(1)).body, { errors: { usage_limit: ['must be greater than or equal to 2'] } })
  expect(200, await limit(2))
})

test('what a checkout was promised stands where the code changes, expires or is deleted while its places are held', async () => {
  const { club, cart, codeId } = await openSale()
  const { public_id: id } = expect(201, await begin(club, cart))
  await setBuyer(club, id)
  expect(200, await world.send(club, 'PATCH', `/admin/promo_codes/${codeId}`, { discount_amount: '50', active: false }))
  expect(204, await world.send(club, 'DELETE', `/admin/promo_codes/${codeId}`))

  const { order } = expect(200, await pay(club, id))

  assert.equal(expect(200, await world.get(club, `/admin/orders/${order.public_id}`)).total.amount, '21.00')
})

test("an event's deletion takes its codes along", async () => {
  const { club, slug, eventId, codeId } = await openSale()
  expect(200, await world.send(club, 'PATCH', `/admin/promo_codes/${codeId}`, { event_id: eventId }))
  expect(204, await world.send(club, 'DELETE', `/admin/events/${slug}`))
  assert.deepEqual(await listCodes(club), [])
})

async function listCodes(club: Organizer) {
  return expect(200, await world.get(club, '/admin/promo_codes')).promo_codes
}
