import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import Stripe from 'stripe'
import type { FakeStripeControls } from './client.ts'
import { type FakeStripe, startFakeStripe } from './server.ts'
import type { FakeStripeOptions } from './world.ts'

/** The SDK as Foyer sets it up, talking to the double. Each key is an account of its own. */
export function stripeAt(url: string, key = 'sk_test_shop', maxNetworkRetries = 0): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries })
}

/** A bank that is gone after the file's last test, and a shop's SDK for it. */
export async function openShop(options: FakeStripeOptions = {}): Promise<{ fake: FakeStripe; stripe: Stripe }> {
  const fake = await startFakeStripe({ retryDelaysMs: [1, 1, 1], ...options })
  after(() => fake.stop())
  return { fake, stripe: stripeAt(fake.url) }
}

/** What Foyer would ask for: two tickets at 21.00. */
export const twoTickets: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  line_items: [
    { quantity: 2, price_data: { currency: 'eur', unit_amount: 2100, product_data: { name: 'General Admission' } } },
  ],
  client_reference_id: 'order_1',
  metadata: { checkout: 'c1' },
  payment_intent_data: { metadata: { checkout: 'c1' } },
  success_url: 'http://shop.test/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.test/cart',
}

/** A session that a buyer has paid, and its payment. */
export async function paidSession(
  fake: FakeStripeControls,
  stripe: Stripe,
  card?: string,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ session: Stripe.Checkout.Session; paymentIntent: string }> {
  const { id } = await stripe.checkout.sessions.create({ ...twoTickets, ...params })
  await fake.pay(id, card)
  const session = await stripe.checkout.sessions.retrieve(id)
  return { session, paymentIntent: String(session.payment_intent) }
}

/** The error that the SDK throws; fails where it throws none. */
export async function refusal(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('It was not refused')
}

export interface Receiver {
  url: string
  /** What came with a right signature and was answered 200, in the order in which it came; the rest is answered 400. */
  events: Stripe.Event[]
  /** The next answers, one each; without a word 200. */
  answers: number[]
}

/** An endpoint as Foyer's: it proves the signature over the raw body. */
export async function openReceiver(secret: string): Promise<Receiver> {
  const receiver: Receiver = { url: '', events: [], answers: [] }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signature = request.headers['stripe-signature'] ?? ''
    try {
      const event = Stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, secret)
      const status = receiver.answers.shift() ?? 200
      if (status === 200) receiver.events.push(event)
      response.writeHead(status).end()
    } catch {
      response.writeHead(400).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an address with a port.
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`
  return receiver
}
