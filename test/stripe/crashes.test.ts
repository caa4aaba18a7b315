import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault } from '../support/fakestripe/faults.ts'
import { expect } from '../support/world.ts'
import { assertBankAgrees, openStripeWorld } from './stripe-world.ts'

/** Whatever is lost between Stripe and us, no money is taken twice, none is kept without a ticket, none goes back twice. */

const world = await openStripeWorld()
const losses: Fault['kind'][] = ['rate_limit', 'error_before', 'error_after', 'error_after_forgotten']
losses.push('reset_before', 'reset_after', 'half_body', 'wrong_json')

for (const kind of losses) {
  test(`${kind} while a page is opened: the buyer asks again and pays once`, async () => {
    const sale = await world.sale()
    const checkout = await sale.begin()
    await world.fake.script({ faults: [{ kind, method: 'POST', path: '^/v1/checkout/sessions$', times: 3 }] })
    const first = await sale.startPayment(checkout)
    assert.ok([200, 422, 503].includes(first.status), String(first.status))
    await world.fake.clearFaults()

    const { session } = await sale.startPayment(checkout)
    await world.fake.pay(session)
    await sale.comeBack(checkout)

    assert.equal((await sale.orderOf(checkout))?.status, 'paid')
    assert.equal(await sale.revenueMinor(), 4200)
    await assertBankAgrees(world)
  })

  test(`${kind} while money goes back: it goes back once`, async () => {
    const sale = await world.sale()
    const checkout = await sale.begin()
    await world.fake.pay((await sale.startPayment(checkout)).session)
    await sale.comeBack(checkout)
    const order = await sale.orderOf(checkout)
    await world.fake.script({ faults: [{ kind, method: 'POST', path: '^/v1/refunds$', times: 3 }] })

    const answer = await world.send(sale.club, 'POST', `/admin/orders/${order?.public_id}/refund`, { amount: '5.00' })
    assert.match(expect(200, answer).status, /^(refund_pending|partially_refunded)$/)
    await world.fake.clearFaults()
    await world.runJobs()

    assert.equal((await sale.orderOf(checkout))?.status, 'partially_refunded')
    assert.equal(await sale.revenueMinor(), 3700)
    await assertBankAgrees(world)
  })
}

test('while Stripe is away nothing is decided: 503 with Retry-After, and a second try pays', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.script({ faults: [{ kind: 'rate_limit', retryAfterSeconds: 7, times: null }] })
  const answer = await world.shop(sale.club, 'POST', `/checkouts/${checkout}/payment`, { provider: 'stripe' })
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '7'])
  assert.deepEqual(await sale.paymentStates(), ['started'])
  assert.equal((await sale.comeBack(checkout)).status, 303)
  await world.fake.clearFaults()
  assert.equal((await sale.startPayment(checkout)).status, 200)
})

test('a server that died after the page was opened and before it was noted finds it again', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.db`update payments set session_reference = null where account_id = ${sale.club.id}`
  await world.fake.pay(session)

  await world.runJobs()

  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
  await assertBankAgrees(world)
})

test('a server that died between deciding to give money back and doing so gives it back', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session)
  await world.db`update checkouts set status = 'abandoned' where public_id = ${checkout}`
  await world.fake.script({ faults: [{ kind: 'rate_limit', method: 'POST', path: '^/v1/refunds$', times: 1 }] })
  await world.runJobs().catch(() => {})
  assert.deepEqual(await sale.paymentStates(), ['returning'])

  await world.runJobs()

  assert.deepEqual(await sale.paymentStates(), ['returned'])
  await assertBankAgrees(world)
})
