import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripeAt } from '../support/fakestripe/sample-sale.ts'
import { expect } from '../support/world.ts'
import { assertBankAgrees, deliver, newsOf, openStripeWorld } from './stripe-world.ts'

/** What goes back at Stripe goes back here, whoever began it, and never twice. */

const world = await openStripeWorld()
const stripe = stripeAt(world.fake.url)

async function soldOrder(card?: string, options: Parameters<typeof world.sale>[0] = {}) {
  const sale = await world.sale(options)
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session, card)
  await sale.comeBack(checkout)
  const { public_id: ref } = (await sale.orderOf(checkout)) ?? assert.fail('no order')
  const [row] = await world.db`select payment_reference from orders where public_id = ${ref}`
  const read = async () => expect(200, await world.get(sale.club, `/admin/orders/${ref}`))
  const admissions = async () =>
    new Set((await read()).items.map((item: { admission_status: string }) => item.admission_status))
  const refund = (amount?: string) =>
    world.send(sale.club, 'POST', `/admin/orders/${ref}/refund`, amount === undefined ? undefined : { amount })
  const papers = async () =>
    expect(200, await world.get(sale.club, `/admin/orders/${ref}/invoices`)).map(
      ({ kind, total }: { kind: string; total: { amount: string } }) => `${kind} ${total.amount}`,
    )
  return { ...sale, ref, papers, intent: String(row?.paymentReference), read, admissions, refund }
}

const tellAll = async () => {
  for (const payload of await newsOf(world)) assert.equal(await deliver(world, payload), 200)
}

test('refunds in part until nothing is left; notices about them change nothing more', async () => {
  const order = await soldOrder()
  assert.equal(expect(200, await order.refund('5.00')).status, 'partially_refunded')
  await tellAll()
  assert.equal(expect(200, await order.refund()).status, 'refunded')
  await tellAll()
  assert.deepEqual([await order.revenueMinor(), await order.admissions()], [0, new Set(['cancelled'])])
  assert.equal((await order.refund()).status, 409)
  await assertBankAgrees(world)
})

for (const [currency, price, between, least, movable] of [
  ['KWD', '2.100', '1.005', '0.010', '1.010'],
  ['MGA', '2100.00', '500.50', '1.00', '500.00'],
] as const) {
  test(`what no card can give back in ${currency} is refused on amount, and nothing is written`, async () => {
    const order = await soldOrder(undefined, { currency, price })

    assert.deepEqual(expect(422, await order.refund(between)).errors, { amount: [`must be a multiple of ${least}`] })
    assert.equal((await order.read()).status, 'paid')
    assert.equal((await stripe.refunds.list({ payment_intent: order.intent })).data.length, 0)

    assert.equal(expect(200, await order.refund(movable)).status, 'partially_refunded')
    assert.equal(expect(200, await order.refund()).status, 'refunded')
  })
}

test('two refunds at once at Stripe never give back more than was paid', async () => {
  const order = await soldOrder()
  const answers = await Promise.all(Array.from({ length: 10 }, () => order.refund('10.00')))
  const statuses = answers.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [200, 200, 200, 200, 422, 422, 422, 422, 422, 422])
  assert.equal(await order.revenueMinor(), 200)
  await assertBankAgrees(world)
})

test('fifty equal refunds at once under one key ask Stripe once, also after a crash between its answer and ours', async () => {
  const order = await soldOrder()
  const refund = (amount: string) =>
    world.send(order.club, 'POST', `/admin/orders/${order.ref}/refund`, { amount }, { 'idempotency-key': 'one' })

  const answers = await Promise.all(Array.from({ length: 50 }, () => refund('5.00')))
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  // As a crash leaves it: the effect is written down, the answer is not, and nobody knows what Stripe did.
  await world.db`update idempotency_keys set status = null, body = null where account_id = ${order.club.id} and key = 'one'`
  await world.db`
    update refunds set status = 'pending', refunded_at = null, provider_reference = null where account_id = ${order.club.id}`
  const again = await refund('5.00')

  assert.deepEqual([again.status, again.text], [answers[0]?.status, answers[0]?.text])
  assert.equal((await refund('6.00')).status, 409)
  assert.equal((await stripe.refunds.list({ payment_intent: order.intent })).data.length, 1)
  await assertBankAgrees(world)
})

test('a refund that is pending is shown so, is asked for once, and ends when Stripe has done it', async () => {
  const order = await soldOrder('4000000000007726')
  assert.equal(expect(200, await order.refund()).status, 'refund_pending')
  assert.equal(await order.revenueMinor(), 4200)
  assert.deepEqual(await order.papers(), ['invoice 42.00'])
  await world.runJobs()
  await world.runJobs()
  assert.equal((await order.read()).status, 'refunded')
  assert.deepEqual(await order.papers(), ['invoice 42.00', 'cancellation -42.00'])
  assert.equal((await stripe.refunds.list({ payment_intent: order.intent })).data.length, 1)
  await assertBankAgrees(world)
})

test('a refund that fails leaves the money to be refunded again', async () => {
  const order = await soldOrder()
  await world.fake.scriptRefunds('pending_then_failed')
  assert.equal(expect(200, await order.refund()).status, 'refund_pending')
  await world.runJobs()
  assert.equal((await order.read()).status, 'paid')
  assert.deepEqual(await order.admissions(), new Set(['active']))
  assert.equal(expect(200, await order.refund()).status, 'refunded')
  await assertBankAgrees(world)
})

test('a full refund that fails after it succeeded is owed again; its tickets stay ended', async () => {
  const order = await soldOrder('4000000000005126')
  assert.equal(expect(200, await order.refund()).status, 'refunded')
  await world.pass(10)
  await tellAll()
  assert.equal((await order.read()).status, 'paid')
  assert.deepEqual(await order.admissions(), new Set(['cancelled']))
  await assertBankAgrees(world)
  const takenBack = ['invoice 42.00', 'cancellation -42.00', 'invoice 42.00']
  assert.deepEqual(await order.papers(), takenBack)
  await world.fake.scriptRefunds('succeeded')
  assert.equal(expect(200, await order.refund()).status, 'refunded')
  assert.deepEqual(await order.papers(), [...takenBack, 'cancellation -42.00'])
  await assertBankAgrees(world)
})

test('refunds that begin at Stripe appear here once, also when no notice comes', async () => {
  const order = await soldOrder()
  await stripe.refunds.create({ payment_intent: order.intent, amount: 1000 })
  await tellAll()
  await tellAll()
  assert.deepEqual([(await order.read()).status, await order.revenueMinor()], ['partially_refunded', 3200])
  await stripe.refunds.create({ payment_intent: order.intent })
  await world.runJobs()
  await world.runJobs()
  assert.deepEqual([(await order.read()).status, await order.revenueMinor()], ['refunded', 0])
  assert.deepEqual(await order.admissions(), new Set(['cancelled']))
  await assertBankAgrees(world)
})

test('a dispute counts when it is lost, for what was left', async () => {
  const order = await soldOrder()
  expect(200, await order.refund('2.00'))
  const dispute = await world.fake.openDispute(order.intent)
  await tellAll()
  assert.equal(await order.revenueMinor(), 4000)
  await world.fake.decideDispute(dispute.id, 'lost')
  await tellAll()
  assert.deepEqual([(await order.read()).status, await order.revenueMinor()], ['refunded', 0])
  assert.deepEqual(await order.papers(), ['invoice 42.00', 'cancellation -2.00', 'cancellation -40.00'])
  await assertBankAgrees(world)
})

test('a refund while a dispute is open is refused by Stripe and changes nothing', async () => {
  const order = await soldOrder()
  const dispute = await world.fake.openDispute(order.intent)
  assert.equal(expect(200, await order.refund()).status, 'paid')
  await world.fake.decideDispute(dispute.id, 'won')
  await world.runJobs()
  assert.equal(await order.revenueMinor(), 4200)
  await assertBankAgrees(world)
})

test('a refund at Stripe before the order is known here is found as well', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.fake.pay(session)
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session)
  await stripe.refunds.create({ payment_intent: String(intent), amount: 700 })
  const news = await newsOf(world)
  for (const payload of news.toReversed()) assert.equal(await deliver(world, payload), 200)
  assert.equal((await sale.orderOf(checkout))?.status, 'partially_refunded')
  await assertBankAgrees(world)
})
