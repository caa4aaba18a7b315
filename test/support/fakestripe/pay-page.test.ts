import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Stripe from 'stripe'
import { openShop, twoTickets } from './sample-sale.ts'

/** Sends a form as a browser without scripts would. */
function submit(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

const pageOf = (session: Stripe.Checkout.Session) => session.url ?? ''

test('the page is a form that pays and leads back to the shop', async () => {
  const { fake, stripe } = await openShop()
  const line = { currency: 'eur', unit_amount: 2100, product_data: { name: 'Stalls <&"> "A"' } }
  const session = await stripe.checkout.sessions.create({
    ...twoTickets,
    line_items: [{ quantity: 2, price_data: line }],
    customer_email: 'jane@example.com',
  })

  const shown = await (await fetch(pageOf(session))).text()
  const paid = await submit(pageOf(session), { action: 'pay', card_number: '4242 4242 4242 4242', name: 'Jane' })

  assert.match(shown, /<label>Card number <input name="card_number"/)
  assert.match(shown, /<button name="action" value="pay">Pay 42.00 EUR<\/button>/)
  assert.match(shown, /value="jane@example.com"/)
  assert.ok(shown.includes('Stalls &lt;&amp;&quot;> &quot;A&quot;'))
  assert.equal(paid.status, 303)
  assert.equal(paid.headers.get('location'), `http://shop.test/thanks?session=${session.id}`)
  assert.equal((await fake.ledger()).totals.eur?.captured, 4200)
  const after = await fetch(pageOf(session))
  assert.equal(after.status, 410)
  assert.match(await after.text(), /Already paid/)
})

test('a declined card is told on the page; cancelling leads back and leaves the session open', async () => {
  const { stripe } = await openShop()
  const session = await stripe.checkout.sessions.create(twoTickets)

  const declined = await submit(pageOf(session), { action: 'pay', card_number: '4000000000009995' })
  const nonsense = await submit(pageOf(session), { action: 'pay', card_number: '1234' })
  const cancelled = await submit(pageOf(session), { action: 'cancel', card_number: '' })

  assert.match(await declined.text(), /<p role="alert">Your card has insufficient funds.<\/p>/)
  assert.match(await nonsense.text(), /Your card number is incorrect/)
  assert.equal(cancelled.headers.get('location'), 'http://shop.test/cart')
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open')
})

test('a card that needs authentication leads over a second page', async () => {
  const { fake, stripe } = await openShop()
  const session = await stripe.checkout.sessions.create(twoTickets)

  const asked = await submit(pageOf(session), { action: 'pay', card_number: '4000002500003155' })
  const second = asked.headers.get('location') ?? ''
  const shown = await (await fetch(second)).text()
  const failed = await submit(second, { action: 'fail' })
  await submit(pageOf(session), { action: 'pay', card_number: '4000002500003155' })
  const confirmed = await submit(second, { action: 'complete' })

  assert.match(shown, /<button name="action" value="complete">Complete<\/button>/)
  assert.match(await failed.text(), /unable to authenticate/)
  assert.equal(confirmed.headers.get('location'), `http://shop.test/thanks?session=${session.id}`)
  assert.equal((await fake.ledger()).captures.length, 1)
})

test('an expired session shows that it is over and takes no money', async () => {
  const { fake, stripe } = await openShop()
  const session = await stripe.checkout.sessions.create(twoTickets)
  await fake.advance(86_400)

  const late = await submit(pageOf(session), { action: 'pay', card_number: '4242424242424242' })

  assert.equal(late.status, 410)
  assert.match(await late.text(), /This page has expired/)
  assert.deepEqual((await fake.ledger()).captures, [])
})

test('a session for nothing completes without a card and without a payment', async () => {
  const { fake, stripe } = await openShop()
  const line = { currency: 'eur', unit_amount: 0, product_data: { name: 'Free' } }
  const session = await stripe.checkout.sessions.create({
    ...twoTickets,
    line_items: [{ quantity: 1, price_data: line }],
  })

  await submit(pageOf(session), { action: 'pay', card_number: '' })

  const done = await stripe.checkout.sessions.retrieve(session.id)
  assert.deepEqual([done.status, done.payment_status, done.payment_intent], ['complete', 'no_payment_required', null])
  assert.deepEqual((await fake.ledger()).captures, [])
})
