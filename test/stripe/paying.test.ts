import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../support/world.ts'
import { assertBankAgrees, deliver, newsOf, openStripeWorld } from './stripe-world.ts'

/** Money and tickets end the same, whatever way the news takes. */

const world = await openStripeWorld()
const cards = { declined: '4000000000000002', asksTheBuyer: '4000002500003155' }

test('Stripe is offered first, answers a page to pay on, and the same page when asked again', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { payment_providers: offered } = expect(200, await world.shop(sale.club, 'GET', `/checkouts/${checkout}`))
  assert.deepEqual(offered, ['stripe', 'test'])

  const first = await sale.startPayment(checkout)
  await world.pass(600)
  const second = await sale.startPayment(checkout)

  assert.equal(first.status, 200)
  assert.match(first.redirectUrl, /^http/)
  assert.deepEqual(second, first)
})

test('an amount below what Stripe takes is not offered', async () => {
  const sale = await world.sale({ price: '0.20' })
  const checkout = await sale.begin()
  const { payment_providers: offered } = expect(200, await world.shop(sale.club, 'GET', `/checkouts/${checkout}`))
  assert.deepEqual(offered, ['test'])
  assert.equal((await sale.startPayment(checkout)).status, 422)
})

const ways: Record<string, (checkout: string, comeBack: () => Promise<unknown>) => Promise<void>> = {
  'the return first, then the notice': async (_checkout, comeBack) => {
    await comeBack()
    for (const payload of await newsOf(world)) assert.equal(await deliver(world, payload), 200)
  },
  'the notice first, then the return': async (_checkout, comeBack) => {
    for (const payload of await newsOf(world)) assert.equal(await deliver(world, payload), 200)
    await comeBack()
  },
  'neither notice nor return': async () => world.runJobs(),
}
for (const [name, way] of Object.entries(ways)) {
  test(`a payment becomes one order: ${name}`, async () => {
    const sale = await world.sale()
    const checkout = await sale.begin()
    const { session } = await sale.startPayment(checkout)
    await world.fake.pay(session)

    await way(checkout, () => sale.comeBack(checkout))

    const order = await sale.orderOf(checkout)
    assert.equal(order?.status, 'paid')
    assert.deepEqual(await sale.paymentStates(), ['succeeded'])
    assert.equal(await sale.revenueMinor(), 4200)
    await assertBankAgrees(world)
  })
}

test('who comes back is sent to the checkout, paid or not', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await sale.startPayment(checkout)
  const answer = await sale.comeBack(checkout)
  assert.deepEqual([answer.status, answer.headers.location], [303, `/checkouts/${checkout}`])
  assert.equal(await sale.orderOf(checkout), undefined)
})

test('a declined card leaves the page open for another', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  assert.equal((await world.fake.pay(session, cards.declined)).outcome, 'declined')
  await sale.comeBack(checkout)
  assert.equal(await sale.orderOf(checkout), undefined)

  assert.equal((await sale.startPayment(checkout)).session, session)
  await world.fake.pay(session)
  await sale.comeBack(checkout)
  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
  await assertBankAgrees(world)
})

test('a card whose bank asks the buyer pays once the buyer has confirmed', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  assert.equal((await world.fake.pay(session, cards.asksTheBuyer)).outcome, 'requires_action')
  await sale.comeBack(checkout)
  assert.equal(await sale.orderOf(checkout), undefined)
  await world.fake.authenticate(session)
  await sale.comeBack(checkout)
  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
})

test('a page that ran out is followed by a new one', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const first = await sale.startPayment(checkout)
  await world.pass(36 * 60)
  const second = await sale.startPayment(checkout)
  assert.equal(second.status, 200)
  assert.notEqual(second.session, first.session)
  await world.fake.pay(second.session)
  await sale.comeBack(checkout)
  assert.deepEqual(await sale.paymentStates(), ['declined', 'succeeded'])
})

test('twenty notices, returns and requests at once make one order', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.fake.pay(session)
  const payload = (await newsOf(world)).at(-1) ?? { body: '', signature: '' }

  const statuses = await Promise.all([
    ...Array.from({ length: 20 }, () => deliver(world, payload)),
    ...Array.from({ length: 5 }, async () => (await sale.comeBack(checkout)).status),
    ...Array.from({ length: 5 }, async () => (await sale.startPayment(checkout)).status),
  ])

  assert.deepEqual([...new Set(statuses)].sort(), [200, 303])
  const { orders } = expect(200, await world.get(sale.club, '/admin/orders?period=all_time'))
  assert.equal(orders.length, 1)
  await assertBankAgrees(world)
})

test('a notice whose signature is wrong, or is of other bytes, is a 400 and changes nothing', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session)
  const payload = (await newsOf(world)).at(-1) ?? { body: '', signature: '' }
  const [forged] = (await newsOf(world, 'whsec_other')).slice(-1)

  assert.equal(await deliver(world, { ...payload, signature: forged?.signature ?? '' }), 400)
  assert.equal(await deliver(world, { ...payload, body: `${payload.body} ` }), 400)
  assert.equal(await deliver(world, { ...payload, signature: '' }), 400)
  assert.equal(await sale.orderOf(checkout), undefined)
  assert.equal(await deliver(world, payload), 200)
  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
})
