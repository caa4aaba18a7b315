import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShop, paidSession, refusal, stripeAt, twoTickets } from './support/fakestripe/sample-sale.ts'

test('a session is sold: created, paid by the buyer, complete, and in the ledger', async () => {
  const { fake, stripe } = await openShop()

  const created = await stripe.checkout.sessions.create(twoTickets)
  assert.equal(created.status, 'open')
  assert.equal(created.payment_status, 'unpaid')
  assert.equal(created.payment_intent, null)
  assert.equal(created.amount_total, 4200)
  assert.equal(created.lastResponse.apiVersion, '2026-10-28.endive')
  assert.ok(created.url?.startsWith(fake.url))

  const outcome = await fake.pay(created.id, '4242 4242 4242 4242', { email: 'jane@example.com', name: 'Jane' })
  assert.deepEqual(outcome, { outcome: 'complete', redirectUrl: `http://shop.test/thanks?session=${created.id}` })

  const expand = ['payment_intent.latest_charge', 'line_items']
  const session = await stripe.checkout.sessions.retrieve(created.id, { expand })
  assert.equal(session.status, 'complete')
  assert.equal(session.payment_status, 'paid')
  assert.equal(session.customer_details?.email, 'jane@example.com')
  assert.equal(session.line_items?.data[0]?.description, 'General Admission')
  const intent = session.payment_intent
  assert.ok(intent !== null && typeof intent === 'object')
  assert.equal(intent.status, 'succeeded')
  assert.equal(intent.amount_received, 4200)
  assert.deepEqual(intent.metadata, { checkout: 'c1' })
  assert.ok(intent.latest_charge !== null && typeof intent.latest_charge === 'object')
  assert.equal(intent.latest_charge.payment_method_details?.card?.last4, '4242')

  const { captures, totals } = await fake.ledger()
  assert.equal(captures.length, 1)
  assert.equal(captures[0]?.session, created.id)
  assert.equal(captures[0]?.paymentIntent, intent.id)
  assert.equal(captures[0]?.clientReferenceId, 'order_1')
  assert.deepEqual(captures[0]?.metadata, { checkout: 'c1' })
  assert.deepEqual(totals, { eur: { captured: 4200, refunded: 0, pending: 0, withdrawn: 0, net: 4200 } })
})

test('a declined card leaves the session open, and another card may pay it', async () => {
  const { fake, stripe } = await openShop()
  const { id } = await stripe.checkout.sessions.create(twoTickets)

  const declined = await fake.pay(id, '4000000000000002')
  assert.deepEqual(declined, { outcome: 'declined', message: 'Your card was declined.' })
  assert.equal((await stripe.checkout.sessions.retrieve(id)).status, 'open')
  assert.deepEqual((await fake.ledger()).captures, [])

  assert.equal((await fake.pay(id)).outcome, 'complete')
  const { data } = await stripe.charges.list()
  assert.deepEqual(
    data.map(({ status }) => status),
    ['succeeded', 'failed'],
  )
  assert.equal((await stripe.paymentIntents.list()).data.length, 1)
  assert.deepEqual(await fake.pay(id), { outcome: 'closed', status: 'complete' })
})

test('a card that needs authentication takes no money before the buyer has confirmed', async () => {
  const { fake, stripe } = await openShop()
  const { id } = await stripe.checkout.sessions.create(twoTickets)

  assert.equal((await fake.pay(id, '4000002500003155')).outcome, 'requires_action')
  assert.deepEqual((await fake.ledger()).captures, [])
  assert.equal((await fake.authenticate(id, false)).outcome, 'declined')
  await fake.pay(id, '4000002500003155')
  assert.equal((await fake.authenticate(id)).outcome, 'complete')

  assert.equal((await fake.ledger()).totals.eur?.captured, 4200)
})

test('a session lives from thirty minutes to a day, and can then no longer be paid', async () => {
  const { fake, stripe } = await openShop({ clock: () => new Date('2026-05-01T12:00:00Z') })
  const now = Date.parse('2026-05-01T12:00:00Z') / 1000
  const create = (expires_at: number) => stripe.checkout.sessions.create({ ...twoTickets, expires_at })

  assert.match((await refusal(create(now + 1799))).message, /at least 30 minutes/)
  assert.match((await refusal(create(now + 86_401))).message, /less than 24 hours/)
  const { id } = await create(now + 1800)
  await fake.advance(1799)
  assert.equal((await stripe.checkout.sessions.retrieve(id)).status, 'open')
  await fake.advance(1)

  const expired = await stripe.checkout.sessions.retrieve(id)
  assert.equal(expired.status, 'expired')
  assert.equal(expired.url, null)
  assert.deepEqual(await fake.pay(id), { outcome: 'closed', status: 'expired' })
  const { data } = await stripe.events.list({ type: 'checkout.session.expired' })
  assert.equal(data.length, 1)
})

test('a session that is ended by us can not be paid, and one that is paid can not be ended', async () => {
  const { fake, stripe } = await openShop()
  const ended = await stripe.checkout.sessions.create(twoTickets)
  const paid = await paidSession(fake, stripe)

  assert.equal((await stripe.checkout.sessions.expire(ended.id)).status, 'expired')
  assert.equal((await fake.pay(ended.id)).outcome, 'closed')
  const error = await refusal(stripe.checkout.sessions.expire(paid.session.id))
  assert.equal(error.statusCode, 400)
  assert.match(error.message, /has a status of `complete`/)
})

test('a debit is unpaid when the session completes, and settles or fails days later', async () => {
  const { fake, stripe } = await openShop()
  const settling = await paidSession(fake, stripe, 'DE89370400440532013000')
  const failing = await paidSession(fake, stripe, 'DE62370400440532013001')
  assert.equal(settling.session.status, 'complete')
  assert.equal(settling.session.payment_status, 'unpaid')
  assert.deepEqual((await fake.ledger()).captures, [])

  await fake.advance(2)

  assert.equal((await stripe.checkout.sessions.retrieve(settling.session.id)).payment_status, 'paid')
  assert.equal((await stripe.checkout.sessions.retrieve(failing.session.id)).payment_status, 'unpaid')
  assert.equal((await stripe.paymentIntents.retrieve(failing.paymentIntent)).status, 'requires_payment_method')
  assert.equal((await fake.ledger()).totals.eur?.captured, 4200)
  const { data } = await stripe.events.list({
    types: ['checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed'],
  })
  assert.equal(data.length, 2)
})

test('with manual capture the money is only set aside, then taken or let go', async () => {
  const { fake, stripe } = await openShop()
  const manual = { payment_intent_data: { capture_method: 'manual' as const } }
  const taken = await paidSession(fake, stripe, undefined, manual)
  const letGo = await paidSession(fake, stripe, undefined, manual)
  assert.equal(taken.session.status, 'complete')
  assert.equal(taken.session.payment_status, 'unpaid')
  assert.deepEqual((await fake.ledger()).captures, [])

  assert.equal((await stripe.paymentIntents.capture(taken.paymentIntent)).status, 'succeeded')
  assert.equal((await stripe.paymentIntents.cancel(letGo.paymentIntent)).status, 'canceled')

  assert.equal((await fake.ledger()).totals.eur?.captured, 4200)
  const again = await refusal(stripe.paymentIntents.capture(letGo.paymentIntent))
  assert.equal(again.code, 'payment_intent_unexpected_state')
})

test('a payment intent without a session is confirmed with a test payment method', async () => {
  const { fake, stripe } = await openShop()
  const charge = { amount: 500, currency: 'usd', confirm: true }

  const paid = await stripe.paymentIntents.create({ ...charge, payment_method: 'pm_card_visa' })
  const declined = await refusal(stripe.paymentIntents.create({ ...charge, payment_method: 'pm_card_chargeDeclined' }))
  const open = await stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
  const confirmed = await stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_visa' })

  assert.equal(paid.status, 'succeeded')
  assert.equal(declined.statusCode, 402)
  assert.equal(declined.type, 'StripeCardError')
  assert.equal(declined.code, 'card_declined')
  assert.equal(declined.decline_code, 'generic_decline')
  assert.equal(declined.payment_intent?.status, 'requires_payment_method')
  assert.equal(confirmed.status, 'succeeded')
  assert.equal((await fake.ledger()).totals.usd?.net, 1200)
})

test('accounts know nothing of each other, and the ledger knows all', async () => {
  const { fake, stripe } = await openShop()
  const other = stripeAt(fake.url, 'sk_test_other')
  const { session } = await paidSession(fake, stripe)
  await paidSession(fake, other)

  const error = await refusal(other.checkout.sessions.retrieve(session.id))

  assert.equal(error.statusCode, 404)
  assert.equal(error.code, 'resource_missing')
  assert.equal((await other.checkout.sessions.list()).data.length, 1)
  const { captures } = await fake.ledger()
  assert.equal(new Set(captures.map(({ account }) => account)).size, 2)
  await fake.reset()
  assert.deepEqual(await fake.ledger(), { captures: [], refunds: [], disputes: [], totals: {} })
})

test('lists are newest first and are read page by page to the end', async () => {
  const { stripe } = await openShop()
  const made: string[] = []
  for (let n = 0; n < 7; n++) made.unshift((await stripe.checkout.sessions.create(twoTickets)).id)

  const seen: string[] = []
  for await (const session of stripe.checkout.sessions.list({ limit: 3 })) seen.push(session.id)
  const back = await stripe.checkout.sessions.list({ limit: 2, ending_before: made[4] })

  assert.deepEqual(seen, made)
  assert.deepEqual(
    back.data.map(({ id }) => id),
    made.slice(2, 4),
  )
  assert.equal((await stripe.checkout.sessions.list({ created: { gt: 4_000_000_000 } })).data.length, 0)
})
