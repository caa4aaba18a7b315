import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { openShop, paidSession, refusal, stripeAt, twoTickets } from './sample-sale.ts'

const charge = { amount: 4200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }

test('the same key and parameters answer the first result again and do nothing twice', async () => {
  const { fake, stripe } = await openShop()

  const first = await stripe.checkout.sessions.create(twoTickets, { idempotencyKey: 'order:1' })
  const second = await stripe.checkout.sessions.create(twoTickets, { idempotencyKey: 'order:1' })

  assert.equal(second.id, first.id)
  assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true')
  assert.equal(second.lastResponse.headers['original-request'], first.lastResponse.requestId)
  assert.equal(second.lastResponse.idempotencyKey, 'order:1')
  assert.equal((await stripe.checkout.sessions.list()).data.length, 1)
  assert.deepEqual(
    (await fake.requests()).filter(({ method }) => method === 'POST').map(({ replayed }) => replayed),
    [false, true],
  )
})

test('the same key with other parameters or for another act is 400 idempotency_error', async () => {
  const { stripe } = await openShop()
  const key = { idempotencyKey: 'order:1' }
  const { id } = await stripe.checkout.sessions.create(twoTickets, key)

  const changed = await refusal(stripe.checkout.sessions.create({ ...twoTickets, client_reference_id: 'x' }, key))
  const elsewhere = await refusal(stripe.checkout.sessions.expire(id, {}, key))

  for (const error of [changed, elsewhere]) {
    assert.equal(error.statusCode, 400)
    assert.equal(error.rawType, 'idempotency_error')
    assert.ok(error instanceof Stripe.errors.StripeIdempotencyError)
  }
})

test('a key in use is 409 for its twin, which the SDK tries again until it hears the first answer', async () => {
  const { fake, stripe } = await openShop()
  await fake.script({ faults: [{ kind: 'latency', latencyMs: 150 }] })
  const key = { idempotencyKey: 'order:1' }

  const slow = stripe.paymentIntents.create(charge, key)
  while ((await fake.requests()).length === 0);
  const twin = await refusal(stripe.paymentIntents.create(charge, key))
  const patient = await stripeAt(fake.url, 'sk_test_shop', 2).paymentIntents.create(charge, key)

  assert.deepEqual([twin.statusCode, twin.code], [409, 'idempotency_key_in_use'])
  assert.equal(patient.id, (await slow).id)
  assert.equal((await fake.ledger()).captures.length, 1)
})

test('a refused parameter leaves the key free, a refusal of the bank stays', async () => {
  const { fake, stripe } = await openShop()
  const key = { idempotencyKey: 'k' }
  const declinedKey = { idempotencyKey: 'declined' }
  const declined = { ...charge, payment_method: 'pm_card_chargeDeclined' }

  await refusal(stripe.paymentIntents.create({ ...charge, amount: 1 }, key))
  const paid = await stripe.paymentIntents.create(charge, key)
  await refusal(stripe.paymentIntents.create(declined, declinedKey))
  const again = await refusal(stripe.paymentIntents.create(declined, declinedKey))

  assert.equal(paid.status, 'succeeded')
  assert.equal(again.headers?.['idempotent-replayed'], 'true')
  assert.equal((await stripe.charges.list()).data.length, 2)
  assert.equal((await fake.ledger()).captures.length, 1)
})

test('a key is forgotten after a day: then the same call is a new one', async () => {
  const { fake, stripe } = await openShop()
  const key = { idempotencyKey: 'k' }
  await stripe.paymentIntents.create(charge, key)
  await fake.advance(86_399)
  await stripe.paymentIntents.create(charge, key)
  assert.equal((await fake.ledger()).captures.length, 1)
  await fake.advance(1)
  await stripe.paymentIntents.create(charge, key)
  assert.equal((await fake.ledger()).captures.length, 2)
})

test('a refund under one key, asked twice, goes back once', async () => {
  const { fake, stripe } = await openShop()
  const { paymentIntent } = await paidSession(fake, stripe)
  const ask = () => stripe.refunds.create({ payment_intent: paymentIntent, amount: 1000 }, { idempotencyKey: 'r1' })

  const [one, two] = [await ask(), await ask()]

  assert.equal(one.id, two.id)
  assert.equal((await fake.ledger()).totals.eur?.refunded, 1000)
})
