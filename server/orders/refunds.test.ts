import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'

const world = await openWorld()

const refund = (club: Organizer, ref: string, body?: unknown, headers = {}) =>
  world.send(club, 'POST', `/admin/orders/${ref}/refund`, body, headers)
const cancel = (club: Organizer, ref: string) => world.send(club, 'POST', `/admin/orders/${ref}/cancellation`)
const spentBy = async (club: Organizer) =>
  expect(200, await world.get(club, '/admin/customers?period=all_time')).stats.total_spent.amount
const salesOf = async (club: Organizer, slug: string) =>
  expect(200, await world.get(club, `/admin/events/${slug}`)).stats

async function soldOrder(quantity = 2) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { stock: 10 })
  const order = await world.paidOrder(club, { eventSlug: slug, ticketId, quantity })
  return { club, slug, ref: order.public_id }
}

test('partial refunds follow one another until nothing is left; tickets stay valid until then, then end and free their places', async () => {
  const { club, slug, ref } = await soldOrder()

  const first = expect(200, await refund(club, ref, { amount: '5.00' }))
  assert.equal(first.status, 'partially_refunded')
  assert.equal(await spentBy(club), '37.00')
  assert.equal((await salesOf(club, slug)).sold_count, 2)
  expect(200, await refund(club, ref, { amount: '36.99' }))
  const last = expect(200, await refund(club, ref, { amount: '0.01' }))

  assert.equal(last.status, 'refunded')
  assert.equal(await spentBy(club), '0.00')
  const sales = await salesOf(club, slug)
  assert.deepEqual([sales.sold_count, sales.remaining_count, sales.total_revenue.amount], [0, 10, '0.00'])
  const { items } = expect(200, await world.get(club, `/admin/orders/${ref}`))
  assert.deepEqual(
    items.map((item: { admission_status: string }) => item.admission_status),
    ['cancelled', 'cancelled'],
  )
  assert.equal((await refund(club, ref)).status, 409)
})

test('without an amount everything that is left goes back', async () => {
  const { club, ref } = await soldOrder()
  expect(200, await refund(club, ref, { amount: '10.00' }))
  for (const body of [undefined, {}, null]) {
    const answer = await refund(club, ref, body)
    if (body === undefined) assert.equal(expect(200, answer).status, 'refunded')
    else assert.equal(answer.status, 409)
  }
  assert.equal(await spentBy(club), '0.00')
})

test("a partial refund is shared out over the ticket types in proportion to the order's lines, and a second one too", async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { price: '10.00' })
  const created = await world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, {
    ...{ title: 'Reduced', price: '5.01', stock: 10 },
  })
  const items = [
    { ticket_id: ticketId, quantity: 1 },
    { ticket_id: expect(201, created).id, quantity: 2 },
  ]
  const checkout = expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items }))
  const path = `/checkouts/${checkout.public_id}`
  expect(200, await world.shop(club, 'PATCH', path, { buyer: { email: 'jane@example.com' } }))
  const paid = await world.shop(club, 'POST', `${path}/payment`, { provider: 'test', outcome: 'succeed' })
  const { order } = expect(200, paid)
  const revenues = async () =>
    expect(200, await world.get(club, `/admin/events/${slug}`)).tickets_breakdown.map(
      (type: { revenue: { amount: string } }) => type.revenue.amount,
    )
  assert.deepEqual(await revenues(), ['10.00', '10.02'])

  // 700 * 1000 / 2002 is 349.65: the first line gives 3.49 back, the second the rest.
  expect(200, await refund(club, order.public_id, { amount: '7.00' }))
  assert.deepEqual(await revenues(), ['6.51', '6.51'])
  expect(200, await refund(club, order.public_id))
  assert.deepEqual(await revenues(), ['0.00', '0.00'])
})

for (const amount of ['42.01', '0.00', '-1.00', '1.001', '', 'all', 5]) {
  test(`an amount of ${JSON.stringify(amount)} is refused on amount and changes nothing`, async () => {
    const { club, ref } = await soldOrder()
    const answer = await refund(club, ref, { amount })
    assert.equal(answer.status, 422)
    assert.deepEqual(Object.keys(answer.body.errors), ['amount'])
    assert.equal(await spentBy(club), '42.00')
  })
}

test('twenty refunds at once never give back more than was paid', async () => {
  const { club, ref } = await soldOrder()

  const answers = await Promise.all(Array.from({ length: 20 }, () => refund(club, ref, { amount: '10.00' })))

  assert.equal(answers.filter((answer) => answer.status === 200).length, 4)
  assert.equal(await spentBy(club), '2.00')
})

test('fifty equal refunds at once under one idempotency key give back once and answer the same', async () => {
  const { club, ref } = await soldOrder()

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => refund(club, ref, { amount: '10.00' }, { 'idempotency-key': 'r1' })),
  )

  assert.equal(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size, 1)
  assert.equal(answers[0]?.body.status, 'partially_refunded')
  assert.equal(await spentBy(club), '32.00')
  assert.equal((await refund(club, ref, { amount: '9.00' }, { 'idempotency-key': 'r1' })).status, 409)
})

test('a cancellation gives back what is left, ends the tickets and frees their places; the second is a 409', async () => {
  const { club, slug, ref } = await soldOrder()
  expect(200, await refund(club, ref, { amount: '2.00' }))

  assert.equal(expect(200, await cancel(club, ref)).status, 'refunded')

  assert.equal(await spentBy(club), '0.00')
  assert.equal((await salesOf(club, slug)).remaining_count, 10)
  assert.equal((await cancel(club, ref)).status, 409)
})

test('a free order becomes refunded by its cancellation, and its buyer stays a customer', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { price: '0.00', stock: 3 })
  const order = await world.paidOrder(club, { eventSlug: slug, ticketId })

  assert.equal((await refund(club, order.public_id)).status, 409)
  assert.equal(expect(200, await cancel(club, order.order_code)).status, 'refunded')

  assert.equal((await salesOf(club, slug)).sold_count, 0)
  const { stats } = expect(200, await world.get(club, '/admin/customers'))
  assert.deepEqual(stats, { customer_count: 1, total_spent: { amount: '0.00', currency: 'EUR' } })
})
