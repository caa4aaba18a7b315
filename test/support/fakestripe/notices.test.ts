import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Stripe from 'stripe'
import { openReceiver, openShop, paidSession, twoTickets } from './sample-sale.ts'

const typesOf = (events: Stripe.Event[]) => events.map(({ type }) => type)

async function listeningShop(types = ['checkout.session.completed', 'charge.refunded', 'refund.created']) {
  const shop = await openShop()
  const receiver = await openReceiver(shop.fake.webhookSecret)
  await shop.fake.subscribe(receiver.url, { types })
  return { ...shop, receiver }
}

test('a sale is told in signed notices, in order, each the event that the API has too', async () => {
  const { fake, stripe, receiver } = await listeningShop(['*'])

  const { session, paymentIntent } = await paidSession(fake, stripe)
  await stripe.refunds.create({ payment_intent: paymentIntent }, { idempotencyKey: 'refund:1' })
  await fake.settled()

  assert.deepEqual(typesOf(receiver.events), [
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.completed',
    'charge.refunded',
    'refund.created',
  ])
  const completed = receiver.events.find((event) => event.type === 'checkout.session.completed')
  assert.equal(completed?.data.object.id, session.id)
  assert.equal(completed?.data.object.client_reference_id, 'order_1')
  assert.equal(completed?.request?.id, null)
  const refunded = receiver.events.find((event) => event.type === 'charge.refunded')
  assert.equal(refunded?.request?.idempotency_key, 'refund:1')
  assert.deepEqual(await stripe.events.retrieve(completed?.id ?? ''), completed)
  const listed = await stripe.events.list({ limit: 100, created: { gte: session.created } })
  assert.deepEqual(
    listed.data.map(({ id }) => id),
    receiver.events.map(({ id }) => id).reverse(),
  )
})

test('a notice that is not answered by 2xx comes again, and is given up in the end', async () => {
  const { fake, stripe, receiver } = await listeningShop()
  receiver.answers.push(500, 302, 200)
  await paidSession(fake, stripe)
  await fake.settled()
  assert.deepEqual(typesOf(receiver.events), ['checkout.session.completed'])

  receiver.answers.push(500, 500, 500, 500)
  await paidSession(fake, stripe)
  await fake.settled()

  const log = await fake.deliveries()
  assert.deepEqual(
    log.map(({ state, answers }) => [state, answers]),
    [
      ['delivered', [500, 302, 200]],
      ['failed', [500, 500, 500, 500]],
    ],
  )
})

test('notices are dropped, doubled, overtaken, held and late, as scripted', async () => {
  const { fake, stripe, receiver } = await listeningShop()
  const sale = async () => {
    receiver.events.length = 0
    const { paymentIntent } = await paidSession(fake, stripe)
    await stripe.refunds.create({ payment_intent: paymentIntent })
    await fake.settled()
    return typesOf(receiver.events)
  }
  const completed = '^checkout.session.completed$'
  const usual = ['checkout.session.completed', 'charge.refunded', 'refund.created']
  assert.deepEqual(await sale(), usual)

  await fake.script({ notices: [{ plan: 'drop', type: completed }] })
  assert.deepEqual(await sale(), usual.slice(1))
  await fake.script({ notices: [{ plan: 'double', type: completed }] })
  assert.deepEqual(await sale(), [usual[0], ...usual])
  await fake.script({ notices: [{ plan: 'after_next', type: completed }] })
  assert.deepEqual(await sale(), [usual[1], usual[0], usual[2]])
  await fake.script({ notices: [{ plan: 150, type: completed }] })
  assert.deepEqual(await sale(), [usual[1], usual[2], usual[0]])

  await fake.script({ notices: [{ plan: 'hold', times: 3 }] })
  assert.deepEqual(await sale(), [])
  const held = (await fake.deliveries()).filter(({ state }) => state === 'held').map(({ event }) => event)
  assert.deepEqual(await fake.deliver(held.toReversed()), [200, 200, 200])
  assert.deepEqual(typesOf(receiver.events), usual.toReversed())
})

test('a planner of ours decides for each notice', async () => {
  const { fake, stripe, receiver } = await listeningShop()
  fake.planNotices(({ type }) => (type === 'checkout.session.completed' ? 'drop' : undefined))
  const { paymentIntent } = await paidSession(fake, stripe)
  await stripe.refunds.create({ payment_intent: paymentIntent })
  await fake.settled()
  assert.deepEqual(typesOf(receiver.events), ['charge.refunded', 'refund.created'])
})

test('an endpoint of the account is registered with its own secret and its own types, and removed', async () => {
  const { fake, stripe } = await openShop()
  const receiver = await openReceiver('whsec_not_yet_known')
  const enabled_events: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ['checkout.session.expired']
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events })
  assert.match(endpoint.secret ?? '', /^whsec_/)
  assert.equal((await stripe.webhookEndpoints.list()).data[0]?.secret, undefined)

  const { id } = await stripe.checkout.sessions.create(twoTickets)
  fake.planNotices(() => 'hold')
  await stripe.checkout.sessions.expire(id)
  const [held] = await fake.deliveries()
  assert.deepEqual([held?.type, held?.state], ['checkout.session.expired', 'held'])
  assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true)
  assert.deepEqual((await stripe.webhookEndpoints.list()).data, [])
})

test('a receiver that proves the signature refuses a foreign secret and one that is five minutes old', async () => {
  const present = await openShop()
  const old = await openShop({ clock: () => new Date(Date.now() - 302_000) })
  const foreign = await openReceiver('whsec_another')
  const own = await openReceiver(old.fake.webhookSecret)
  await present.fake.subscribe(foreign.url, { types: ['checkout.session.completed'] })
  await old.fake.subscribe(own.url, { types: ['checkout.session.completed'] })

  for (const { fake, stripe } of [present, old]) {
    await paidSession(fake, stripe)
    await fake.settled()
    assert.deepEqual(
      (await fake.deliveries()).map(({ state, answers }) => [state, answers]),
      [['failed', [400, 400, 400, 400]]],
    )
  }
})
