import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import type { Fault } from './faults.ts'
import { openShop, refusal, stripeAt, twoTickets } from './sample-sale.ts'

const charge = { amount: 4200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }
const key = { idempotencyKey: 'order:1' }

async function shopWith(fault: Fault) {
  const { fake, stripe } = await openShop()
  await fake.script({ faults: [fault] })
  const captures = async () => (await fake.ledger()).captures.length
  return { fake, stripe, captures, pay: () => stripe.paymentIntents.create(charge, key) }
}

test('a connection that breaks after the effect: the SDK asks again with its key, and one capture stands', async () => {
  const { fake, captures, pay } = await shopWith({ kind: 'reset_after', method: 'POST' })

  const paid = await pay()

  assert.equal(paid.status, 'succeeded')
  assert.equal(paid.lastResponse.headers['idempotent-replayed'], 'true')
  assert.equal(await captures(), 1)
  assert.deepEqual(
    (await fake.requests()).map(({ status, fault }) => [status, fault]),
    [
      [0, 'reset_after'],
      [200, null],
    ],
  )
})

test('a connection that breaks before the effect is asked again, and one capture stands', async () => {
  const { captures, pay } = await shopWith({ kind: 'reset_before', method: 'POST' })
  const paid = await pay()
  assert.equal(paid.lastResponse.headers['idempotent-replayed'], undefined)
  assert.equal(await captures(), 1)
})

test('without a break between them, two keys are two captures: what the key is for', async () => {
  const { stripe, captures } = await shopWith({ kind: 'reset_after', times: 2 })
  await refusal(stripe.paymentIntents.create(charge, { idempotencyKey: 'a' }))
  await stripe.paymentIntents.create(charge, { idempotencyKey: 'b' })
  assert.equal(await captures(), 2)
})

test('500 before the effect: nothing happened, and the next try is the first', async () => {
  const { captures, pay } = await shopWith({ kind: 'error_before' })
  const error = await refusal(pay())
  assert.equal(error.statusCode, 500)
  assert.equal(await captures(), 0)
  await pay()
  assert.equal(await captures(), 1)
})

test('500 after the effect is repeated for its key, while the money is there', async () => {
  const { stripe, captures, pay } = await shopWith({ kind: 'error_after' })

  await refusal(pay())
  const again = await refusal(pay())

  assert.equal(again.statusCode, 500)
  assert.equal(again.headers?.['idempotent-replayed'], 'true')
  assert.equal(again.headers?.['stripe-should-retry'], 'false')
  assert.equal(await captures(), 1)
  assert.equal((await stripe.paymentIntents.list()).data[0]?.status, 'succeeded')
})

test('500 after the effect that the key does not know of: the next try hears the true answer', async () => {
  const { fake, captures } = await shopWith({ kind: 'error_after_forgotten' })
  const paid = await stripeAt(fake.url, 'sk_test_shop', 1).paymentIntents.create(charge, key)
  assert.equal(paid.status, 'succeeded')
  assert.equal(await captures(), 1)
})

test('429 names the pause, does nothing, and the SDK leaves the waiting to us', async () => {
  const { captures, pay } = await shopWith({ kind: 'rate_limit', retryAfterSeconds: 3 })
  const error = await refusal(pay())
  assert.ok(error instanceof Stripe.errors.StripeRateLimitError)
  assert.equal(error.headers?.['retry-after'], '3')
  assert.equal(await captures(), 0)
  await pay()
  assert.equal(await captures(), 1)
})

test('half a body and a body that is no JSON are errors, and the key tells the rest', async () => {
  for (const kind of ['half_body', 'wrong_json'] as const) {
    const { captures, pay } = await shopWith({ kind })
    const error = await refusal(pay())
    assert.equal(error.type, kind === 'half_body' ? 'StripeConnectionError' : 'StripeAPIError')
    assert.equal((await pay()).status, 'succeeded')
    assert.equal(await captures(), 1)
  }
})

test('latency outlasts the time that we wait, and the key finds what was done meanwhile', async () => {
  const { stripe, captures, pay } = await shopWith({ kind: 'latency', latencyMs: 120 })

  const error = await refusal(stripe.paymentIntents.create(charge, { ...key, timeout: 30 }))
  assert.equal(error.type, 'StripeConnectionError')
  let found: Stripe.PaymentIntent | undefined
  while (!found) found = await pay().catch(() => undefined)

  assert.equal(found.status, 'succeeded')
  assert.equal(await captures(), 1)
})

test('a script meets only the requests that it names, so many of them, each so many', async () => {
  const { fake, stripe } = await openShop()
  await fake.script({ faults: [{ kind: 'error_before', method: 'POST', path: '/sessions$', every: 2, times: 2 }] })

  const results: string[] = []
  for (let n = 0; n < 6; n++) {
    await stripe.refunds.list()
    const create = stripe.checkout.sessions.create(twoTickets)
    results.push(
      await create.then(
        () => 'ok',
        () => 'error',
      ),
    )
  }

  assert.deepEqual(results, ['ok', 'error', 'ok', 'error', 'ok', 'ok'])
  await fake.script({ faults: [{ kind: 'error_before', times: null }] })
  await fake.clearFaults()
  await stripe.refunds.list()
})
