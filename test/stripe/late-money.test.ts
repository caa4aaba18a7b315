import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../support/world.ts'
import { assertBankAgrees, openStripeWorld } from './stripe-world.ts'

/** Money that comes for places that are gone goes back by itself; money that need not come is not taken. */

const world = await openStripeWorld()

test('money that comes after the hold ran out takes the places again where they are there', async () => {
  const sale = await world.sale({ stock: 2 })
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.pass(20 * 60)
  await world.fake.pay(session)
  await sale.comeBack(checkout)
  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
  await assertBankAgrees(world)
})

test('money that comes when the places are gone goes back, with the reason kept', async () => {
  const sale = await world.sale({ stock: 2 })
  const late = await sale.begin('late@example.com')
  const { session } = await sale.startPayment(late)
  await world.pass(20 * 60)
  const early = await sale.begin('early@example.com')
  await world.fake.pay((await sale.startPayment(early)).session)
  await sale.comeBack(early)
  await world.fake.pay(session)

  await sale.comeBack(late)

  assert.equal(await sale.orderOf(late), undefined)
  assert.deepEqual(await sale.paymentStates(), ['returned', 'succeeded'])
  const [row] =
    await world.db`select return_reason from payments where account_id = ${sale.club.id} and status = 'returned'`
  assert.match(row?.returnReason, /sold out/)
  await assertBankAgrees(world)
})

test('money that goes back slowly is returned when it has gone', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.fake.pay(session, '4000000000007726')
  await world.db`update checkouts set status = 'abandoned' where public_id = ${checkout}`

  await world.runJobs()
  await world.pass(10)
  await world.runJobs()

  assert.deepEqual(await sale.paymentStates(), ['returned'])
  await assertBankAgrees(world)
})

for (const [what, change] of [
  ['amount', { amountMinor: 4100n }],
  ['currency', { currency: 'USD' }],
] as const) {
  test(`money of another ${what} than was asked for makes no order, and all that was taken goes back`, async () => {
    const sale = await world.sale()
    const checkout = await sale.begin()
    const { session } = await sale.startPayment(checkout)
    await world.db`update payments set ${world.db(change)} where account_id = ${sale.club.id}`
    await world.fake.pay(session)

    await sale.comeBack(checkout)
    await world.runJobs()

    assert.equal(await sale.orderOf(checkout), undefined)
    assert.deepEqual(await sale.paymentStates(), ['returned'])
    const [refund] = (await world.fake.ledger()).refunds.slice(-1)
    assert.deepEqual([refund?.session, refund?.amount, refund?.currency], [session, 4200, 'eur'])
    await assertBankAgrees(world)
  })
}

test('money that does not find its way back is tried again and again, at growing pauses', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.fake.pay(session)
  await world.db`update checkouts set status = 'abandoned' where public_id = ${checkout}`
  const countTries = async () =>
    (await world.fake.ledger()).refunds.filter((refund) => refund.session === session).length
  const triesIn = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      const before = await countTries()
      await world.pass(60)
      await world.reconcile()
      if ((await countTries()) > before) await world.fake.scriptRefunds('pending_then_failed')
    }
    return countTries()
  }
  await world.fake.scriptRefunds('pending_then_failed')

  const soon = await triesIn(20)
  const later = (await triesIn(120)) - soon
  assert.ok(soon > 5 && later > 2 && later < 15, `${soon} tries at first, ${later} in two hours`)
  assert.deepEqual(await sale.paymentStates(), ['returning'])

  for (const _day of [1, 2]) {
    await world.pass(24 * 3600)
    await world.reconcile()
  }
  assert.deepEqual(await sale.paymentStates(), ['returned'])
  await assertBankAgrees(world)
})

test('who gives a checkout up can no longer pay for it', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)

  expect(204, await world.shop(sale.club, 'DELETE', `/checkouts/${checkout}`))

  assert.deepEqual(await world.fake.pay(session), { outcome: 'closed', status: 'expired' })
  assert.deepEqual(await sale.paymentStates(), ['declined'])
})

test('who had paid when the checkout was given up gets the money back', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session)

  expect(204, await world.shop(sale.club, 'DELETE', `/checkouts/${checkout}`))

  assert.deepEqual(await sale.paymentStates(), ['returned'])
  await assertBankAgrees(world)
})

test('of two ways to pay one makes the order; the page of the other takes no money any more', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  const payment = { provider: 'test', outcome: 'succeed' }

  expect(200, await world.shop(sale.club, 'POST', `/checkouts/${checkout}/payment`, payment))

  assert.equal((await world.fake.pay(session)).outcome, 'closed')
  assert.deepEqual(await sale.paymentStates(), ['declined', 'succeeded'])
  await assertBankAgrees(world)
})

test('of two payments that both took money one makes the order, the other goes back', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  await world.fake.pay(session)
  const payment = { provider: 'test', outcome: 'succeed' }
  expect(200, await world.shop(sale.club, 'POST', `/checkouts/${checkout}/payment`, payment))
  await world.runJobs()

  const { orders } = expect(200, await world.get(sale.club, '/admin/orders?period=all_time'))
  assert.equal(orders.length, 1)
  assert.deepEqual(await sale.paymentStates(), ['returned', 'succeeded'])
  await assertBankAgrees(world)
})

test('two pages that were both paid make one order, and one goes back', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  const first = await sale.startPayment(checkout)
  await world.db`update checkouts set payment_attempt = 2 where public_id = ${checkout}`
  const second = await sale.startPayment(checkout)
  assert.notEqual(second.session, first.session)
  await world.fake.pay(first.session)
  await world.fake.pay(second.session)

  await Promise.all([sale.comeBack(checkout), sale.comeBack(checkout)])

  assert.deepEqual((await sale.paymentStates()).sort(), ['returned', 'succeeded'])
  assert.equal(await sale.revenueMinor(), 4200)
  await assertBankAgrees(world)
})
