import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stripeAt } from '../support/fakestripe/sample-sale.ts'
import { expect } from '../support/world.ts'
import { deliver, newsOf, openStripeWorld, type Sale } from './stripe-world.ts'

/** Notices that are dropped, doubled and shuffled end as they do in order. STRIPE_SEEDS says how many times it is tried. */

const world = await openStripeWorld()
const stripe = stripeAt(world.fake.url)
const numRuns = Number(process.env.STRIPE_SEEDS ?? 25)

type Act = 'pay' | 'pay late' | 'refund here' | 'refund there' | 'dispute' | 'give up'
const acts: Act[] = ['pay', 'pay late', 'refund here', 'refund there', 'dispute', 'give up']

async function play(sale: Sale, act: Act): Promise<void> {
  const checkout = await sale.begin()
  const { session } = await sale.startPayment(checkout)
  if (act === 'pay late') await world.pass(20 * 60)
  await world.fake.pay(session)
  if (act === 'give up') expect(204, await world.shop(sale.club, 'DELETE', `/checkouts/${checkout}`))
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session)
  if (act === 'refund there') await stripe.refunds.create({ payment_intent: String(intent), amount: 700 })
  if (act === 'dispute') await world.fake.decideDispute((await world.fake.openDispute(String(intent))).id, 'lost')
  if (act !== 'refund here') return
  await sale.comeBack(checkout)
  const order = await sale.orderOf(checkout)
  expect(200, await world.send(sale.club, 'POST', `/admin/orders/${order?.public_id}/refund`, { amount: '5.00' }))
}

/** What one checkout with that fate must leave in the till, in minor units. */
const kept: Record<Act, number> = {
  pay: 4200,
  'pay late': 4200,
  'refund here': 3700,
  'refund there': 3500,
  dispute: 0,
  'give up': 0,
}

test('whatever happens to the notices, orders and refunds end as the bank has them', async () => {
  const history = fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 3 })
  const fate = fc.constantFrom(0, 1, 1, 2)
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fate), fc.infiniteStream(fc.nat()), async (wanted, fates, order) => {
      await world.fake.reset()
      await world.db`truncate stripe_events`
      const sale = await world.sale({ stock: 100 })
      for (const act of wanted) await play(sale, act)

      const news = (await newsOf(world)).flatMap((payload) => Array(fates.next().value).fill(payload))
      const shuffled = news.map((payload) => ({ payload, at: order.next().value })).sort((a, b) => a.at - b.at)
      for (const { payload } of shuffled) assert.equal(await deliver(world, payload), 200)
      await world.runJobs()

      const expected = wanted.reduce((sum, act) => sum + kept[act], 0)
      assert.equal(await sale.revenueMinor(), expected)
      assert.equal((await world.fake.ledger()).totals.eur?.net ?? 0, expected)
    }),
    { numRuns, endOnFailure: true },
  )
})
