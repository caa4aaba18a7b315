import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { openShop, refusal, stripeAt, twoTickets } from './sample-sale.ts'

const withLine = (currency: string, unitAmount: number, quantity = 1): Stripe.Checkout.SessionCreateParams => ({
  ...twoTickets,
  line_items: [{ quantity, price_data: { currency, unit_amount: unitAmount, product_data: { name: 'Ticket' } } }],
})

test('a request without a key, or with one that is no test key, is 401', async () => {
  const { fake } = await openShop()

  const wrong = await refusal(stripeAt(fake.url, 'sk_live_1').checkout.sessions.list())
  const none = await fetch(`${fake.url}/v1/refunds`)

  assert.equal(wrong.statusCode, 401)
  assert.ok(wrong instanceof Stripe.errors.StripeAuthenticationError)
  assert.equal(none.status, 401)
})

test('what is wrong with a parameter is said with its full name', async () => {
  const { fake, stripe } = await openShop()
  const params = (encoded: string) =>
    fetch(`${fake.url}/v1/checkout/sessions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_shop', 'content-type': 'application/x-www-form-urlencoded' },
      body: encoded,
      // The shape is what is tested below.
    }).then((answer) => answer.json() as Promise<{ error: Record<string, string> }>)
  const line = 'line_items[0][price_data][currency]=eur&line_items[0][price_data][product_data][name]=A'
  const whole = `mode=payment&success_url=http://a.test&${line}`

  const missing = await params(`${whole}&line_items[0][quantity]=1`)
  const notInteger = await params(`${whole}&line_items[0][quantity]=1&line_items[0][price_data][unit_amount]=1.5`)
  const unknown = await params(`${whole}&line_items[0][colour]=red`)
  const noMode = await refusal(stripe.checkout.sessions.create({ ...twoTickets, mode: 'subscription' }))

  assert.equal(missing.error.code, 'parameter_missing')
  assert.equal(missing.error.param, 'line_items[0][price_data][unit_amount]')
  assert.equal(notInteger.error.code, 'parameter_invalid_integer')
  assert.equal(notInteger.error.type, 'invalid_request_error')
  assert.equal(unknown.error.code, 'parameter_unknown')
  assert.equal(unknown.error.param, 'line_items[0][colour]')
  assert.equal(noMode.param, 'mode')
})

test('amounts that the card networks can not move are refused', async () => {
  const { stripe } = await openShop()
  const create = (currency: string, amount: number, quantity = 1) =>
    stripe.checkout.sessions.create(withLine(currency, amount, quantity))

  assert.equal((await refusal(create('eur', 49))).code, 'amount_too_small')
  assert.equal((await refusal(create('eur', 99_999_999, 2))).code, 'amount_too_large')
  assert.equal((await refusal(create('isk', 550))).code, 'invalid_charge_amount_no_decimal_compatible')
  assert.equal((await refusal(create('ugx', 123_450))).code, 'invalid_charge_amount_no_decimal_compatible')
  assert.equal((await refusal(create('kwd', 5124))).param, 'line_items[0][price_data][unit_amount]')
  for (const [currency, amount] of [
    ['eur', 50],
    ['isk', 500],
    ['ugx', 500_000],
    ['kwd', 5120],
    ['jpy', 50],
  ] as const)
    assert.equal((await create(currency, amount)).currency, currency)
})

test('unknown things are 404 in the shape that the SDK knows', async () => {
  const { fake, stripe } = await openShop()

  const session = await refusal(stripe.checkout.sessions.retrieve('cs_test_none'))
  const refund = await refusal(stripe.refunds.create({ payment_intent: 'pi_none' }))
  const route = await fetch(`${fake.url}/v1/customers`, { headers: { authorization: 'Bearer sk_test_shop' } })

  assert.deepEqual([session.statusCode, session.code], [404, 'resource_missing'])
  assert.deepEqual([refund.statusCode, refund.code, refund.param], [404, 'resource_missing', 'payment_intent'])
  assert.equal(route.status, 404)
})

test('metadata keeps to its limits, and unset fields are as if they were not there', async () => {
  const { stripe } = await openShop()

  const long = await refusal(stripe.checkout.sessions.create({ ...twoTickets, metadata: { note: 'x'.repeat(501) } }))
  const reference = await refusal(
    stripe.checkout.sessions.create({ ...twoTickets, client_reference_id: 'x'.repeat(201) }),
  )
  const plain = await stripe.checkout.sessions.create({ ...twoTickets, metadata: { a: '1', b: '' } })

  assert.equal(long.param, 'metadata[note]')
  assert.equal(reference.param, 'client_reference_id')
  assert.deepEqual(plain.metadata, { a: '1' })
})
