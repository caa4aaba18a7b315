import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripeAt } from '../support/fakestripe/sample-sale.ts'
import { expect } from '../support/world.ts'
import { assertBankAgrees, deliver, newsOf, openStripeWorld } from './stripe-world.ts'

/** What goes back at Stripe goes back here, whoever began it, and never twice. */

const world = await openStripeWorld()
const stripe = stripeAt(world.fake.url)

async function soldOrder(card?: string) {
  const sale = await world.sale()
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
