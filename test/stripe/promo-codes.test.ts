import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripeAt } from '../support/fakestripe/sample-sale.ts'
import { expect } from '../support/world.ts'
import { assertBankAgrees, deliver, newsOf, openStripeWorld } from './stripe-world.ts'

/** A code typed after the buyer was sent to Stripe changes the total: nobody ever pays the one before. */

const world = await openStripeWorld()

async function startThenTypeCode() {
  const sale = await world.sale()
  const code = { code: 'HALF', discount_type: 'percentage', discount_amount: '50' }
  expect(201, await world.send(sale.club, 'POST', '/admin/promo_codes', code))
  const checkout = await sale.begin()
  const before = await sale.startPayment(checkout)
  const type = () => world.shop(sale.club, 'PATCH', `/checkouts/${checkout}`, { promo_code: 'HALF' })
  return { sale, checkout, before, type }
}

test('the page at the old total is closed, and the new one takes the new total', async () => {
  const { sale, checkout, before, type } = await startThenTypeCode()
  expect(200, await type())

  const { status } = await stripeAt(world.fake.url).checkout.sessions.retrieve(before.session)
  assert.equal(status, 'expired')
  const after = await sale.startPayment(checkout)
  assert.notEqual(after.session, before.session)
  await world.fake.pay(after.session)
  await sale.comeBack(checkout)

  assert.ok(await sale.orderOf(checkout))
  assert.equal(await sale.revenueMinor(), 2100)
  await assertBankAgrees(world)
})

test('money that was paid at the old total while the code was typed goes back by itself', async () => {
  const { sale, checkout, before, type } = await startThenTypeCode()
  await world.fake.pay(before.session)
  expect(200, await type())
  for (const payload of await newsOf(world)) assert.equal(await deliver(world, payload), 200)
  await world.runJobs()

  const order = await sale.orderOf(checkout)
  assert.equal(order, undefined)
  assert.deepEqual(await sale.paymentStates(), ['returned'])
  await assertBankAgrees(world)
  const after = await sale.startPayment(checkout)
  await world.fake.pay(after.session)
  await sale.comeBack(checkout)
  assert.ok(await sale.orderOf(checkout))
  await assertBankAgrees(world)
})
