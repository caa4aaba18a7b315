import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShop, paidSession, refusal } from './sample-sale.ts'

test('a payment is given back in parts until nothing is left', async () => {
  const { fake, stripe } = await openShop()
  const { paymentIntent } = await paidSession(fake, stripe)
  const refund = (amount?: number) => stripe.refunds.create({ payment_intent: paymentIntent, amount })

  assert.equal((await refund(1000)).status, 'succeeded')
  const tooMuch = await refusal(refund(3201))
  const rest = await refund()
  const nothing = await refusal(refund())

  assert.match(tooMuch.message, /Refund amount \(32.01 EUR\) is greater than unrefunded amount on charge \(32.00 EUR\)/)
  assert.deepEqual([tooMuch.statusCode, tooMuch.param], [400, 'amount'])
  assert.equal(rest.amount, 3200)
  assert.deepEqual([nothing.statusCode, nothing.code], [400, 'charge_already_refunded'])
  const charge = await stripe.charges.retrieve(String(rest.charge), { expand: ['refunds'] })
  assert.deepEqual([charge.amount_refunded, charge.refunded, charge.refunds?.data.length], [4200, true, 2])
  assert.equal((await fake.ledger()).totals.eur?.net, 0)
})

test('two refunds at once never give back more than was paid', async () => {
  const { fake, stripe } = await openShop()
  const { paymentIntent } = await paidSession(fake, stripe)
  const refunds = [3000, 3000].map((amount) => stripe.refunds.create({ payment_intent: paymentIntent, amount }))

  const results = await Promise.allSettled(refunds)

  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await fake.ledger()).totals.eur?.refunded, 3000)
})

test('a refund by charge stays pending, then succeeds or fails, as its card or the script says', async () => {
  const { fake, stripe } = await openShop()
  const byCard = await paidSession(fake, stripe, '4000000000007726')
  const scripted = await paidSession(fake, stripe)
  await fake.scriptRefunds('pending_then_failed', 'pending_then_succeeded', 'pending')

  const failing = await stripe.refunds.create({ payment_intent: scripted.paymentIntent, amount: 100 })
  const succeeding = await stripe.refunds.create({ payment_intent: scripted.paymentIntent, amount: 200 })
  const waiting = await stripe.refunds.create({ payment_intent: scripted.paymentIntent, amount: 300 })
  const { latest_charge } = await stripe.paymentIntents.retrieve(byCard.paymentIntent)
  const carded = await stripe.refunds.create({ charge: String(latest_charge) })
  const all = [failing, succeeding, waiting, carded]
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set(['pending']))
  assert.equal((await fake.ledger()).totals.eur?.pending, 4800)

  await fake.advance(2)

  const after = await Promise.all(all.map(({ id }) => stripe.refunds.retrieve(id)))
  assert.deepEqual(
    after.map(({ status }) => status),
    ['failed', 'succeeded', 'pending', 'succeeded'],
  )
  await fake.decideRefund(waiting.id, 'failed')
  const { totals } = await fake.ledger()
  assert.deepEqual(totals.eur, { captured: 8400, refunded: 4400, pending: 0, withdrawn: 0, net: 4000 })
})

test('a refund that seemed to succeed fails later, and what it took can be refunded again', async () => {
  const { fake, stripe } = await openShop()
  const { paymentIntent } = await paidSession(fake, stripe, '4000000000005126')

  const refund = await stripe.refunds.create({ payment_intent: paymentIntent })
  assert.equal(refund.status, 'succeeded')
  await fake.advance(2)

  const failed = await stripe.refunds.retrieve(refund.id)
  assert.deepEqual([failed.status, failed.failure_reason], ['failed', 'expired_or_canceled_card'])
  assert.equal((await fake.ledger()).totals.eur?.net, 4200)
  const { data } = await stripe.events.list({ type: 'refund.*' })
  assert.deepEqual(
    data.map(({ type }) => type),
    ['refund.failed', 'refund.created'],
  )
  assert.equal((await stripe.refunds.create({ payment_intent: paymentIntent })).status, 'succeeded')
})

test('what was not taken can not be given back', async () => {
  const { fake, stripe } = await openShop()
  const manual = { payment_intent_data: { capture_method: 'manual' as const } }
  const { paymentIntent } = await paidSession(fake, stripe, undefined, manual)
  const error = await refusal(stripe.refunds.create({ payment_intent: paymentIntent }))
  assert.equal(error.code, 'charge_not_refundable')
})

test('a disputed charge brings its money to the buyer, can not be refunded, and is won or lost', async () => {
  const { fake, stripe } = await openShop()
  const { paymentIntent } = await paidSession(fake, stripe, '4000000000000259')
  const other = await paidSession(fake, stripe)
  assert.equal((await fake.ledger()).disputes.length, 0)

  await fake.advance(2)
  const [dispute] = (await stripe.disputes.list({ payment_intent: paymentIntent })).data
  assert.ok(dispute)
  assert.deepEqual([dispute.status, dispute.amount, dispute.reason], ['needs_response', 4200, 'fraudulent'])
  const refused = await refusal(stripe.refunds.create({ payment_intent: paymentIntent }))
  assert.equal(refused.code, 'charge_disputed')
  const second = await fake.openDispute(other.paymentIntent, 'product_not_received')
  assert.equal((await fake.ledger()).totals.eur?.withdrawn, 8400)

  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } })
  await fake.decideDispute(second.id, 'lost')

  assert.equal((await stripe.disputes.retrieve(dispute.id)).status, 'won')
  const { totals, disputes } = await fake.ledger()
  assert.deepEqual(totals.eur, { captured: 8400, refunded: 0, pending: 0, withdrawn: 4200, net: 4200 })
  assert.deepEqual(
    disputes.map(({ status, withdrawn }) => [status, withdrawn]),
    [
      ['won', false],
      ['lost', true],
    ],
  )
  const { data } = await stripe.events.list({ type: 'charge.dispute.*', limit: 100 })
  assert.deepEqual(data.map(({ type }) => type.replace('charge.dispute.', '')).toSorted(), [
    'closed',
    'closed',
    'created',
    'created',
    'funds_reinstated',
    'funds_withdrawn',
    'funds_withdrawn',
    'updated',
  ])
})
