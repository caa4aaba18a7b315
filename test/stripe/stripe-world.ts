import assert from 'node:assert/strict'
import { after } from 'node:test'
import Stripe from 'stripe'
import { reconcileOpenPayments } from '../../server/checkout/reconcile-payment.ts'
import { catchUpOnNotices } from '../../server/checkout/stripe-news.ts'
import type { Config } from '../../server/config.ts'
import { resumeRefunds } from '../../server/orders/resume-refunds.ts'
import { stripeAt } from '../support/fakestripe/sample-sale.ts'
import { type FakeStripe, startFakeStripe } from '../support/fakestripe/server.ts'
import { expect, type Organizer, openWorld, type World } from '../support/world.ts'

/** A Foyer that takes money by Stripe's double, and the words in which these tests speak about it. */
export interface StripeWorld extends World {
  fake: FakeStripe
  /** Puts both clocks ahead. */
  pass(seconds: number): Promise<void>
  /** What the jobs do, a minute and a half later. */
  runJobs(): Promise<void>
  /** What the reconciler does, now. */
  reconcile(): Promise<void>
  sale(options?: { stock?: number; price?: string; quantity?: number; currency?: string }): Promise<Sale>
}

export interface Sale {
  club: Organizer
  slug: string
  ticketId: number
  /** A buyer in front of the payment: the checkout's public id. */
  begin(email?: string): Promise<string>
  startPayment(checkout: string): Promise<{ status: number; redirectUrl: string; session: string }>
  comeBack(checkout: string): ReturnType<World['shop']>
  /** The order that the checkout has become, as the organiser sees it. */
  orderOf(checkout: string): Promise<{ public_id: string; status: string } | undefined>
  /** What the whole account has sold less what went back, in minor units. */
  revenueMinor(): Promise<number>
  paymentStates(): Promise<string[]>
}

export async function openStripeWorld(overrides: Partial<Config> = {}): Promise<StripeWorld> {
  let clock = () => new Date('2026-04-22T12:34:50Z')
  const fake = await startFakeStripe({ clock: () => clock(), retryDelaysMs: [1, 1, 1] })
  after(() => fake.stop())
  const world = await openWorld({
    stripeSecretKey: 'sk_test_shop',
    stripeWebhookSecret: fake.webhookSecret,
    stripeApiUrl: fake.url,
    ...overrides,
  })
  clock = world.now
  const till = { db: world.db, config: world.config, clock: world.now }
  const pass = async (seconds: number) => {
    world.setTime(new Date(world.now().getTime() + seconds * 1000).toISOString())
    await fake.advance(0)
  }
  const failOn = (error: unknown) => {
    throw error
  }
  return {
    ...world,
    fake,
    pass,
    reconcile: () => reconcileOpenPayments(till, failOn),
    async runJobs() {
      await pass(90)
      await reconcileOpenPayments(till, failOn)
      await catchUpOnNotices(till, failOn)
      await resumeRefunds(world.db, world.now(), world.config, failOn)
    },
    sale: (options) => openSale(world, options),
  }
}

async function openSale(
  world: World,
  { stock = 10, price = '21.00', quantity = 2, currency = 'EUR' } = {},
): Promise<Sale> {
  const club = await world.organizer({ currency })
  const { slug, ticketId } = await world.event(club, { stock, price })
  const items = [{ ticket_id: ticketId, quantity }]
  const shop = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) => world.shop(club, method, path, body)
  return {
    ...{ club, slug, ticketId },
    async begin(email = 'jane@example.com') {
      const { public_id: id } = expect(201, await shop('POST', '/checkouts', { event_slug: slug, items }))
      expect(200, await shop('PATCH', `/checkouts/${id}`, { buyer: { email, name: 'Jane' } }))
      return id
    },
    async startPayment(checkout) {
      const answer = await shop('POST', `/checkouts/${checkout}/payment`, { provider: 'stripe' })
      const redirectUrl = String(answer.body?.redirect_url ?? '')
      return { status: answer.status, redirectUrl, session: redirectUrl.split('/').at(-1) ?? '' }
    },
    comeBack: (checkout) => shop('GET', `/checkouts/${checkout}/return`),
    async orderOf(checkout) {
      const { order } = expect(200, await shop('GET', `/checkouts/${checkout}`))
      return order ? expect(200, await world.get(club, `/admin/orders/${order.public_id}`)) : undefined
    },
    async revenueMinor() {
      const { stats } = expect(200, await world.get(club, '/admin/orders?period=all_time&include_archived=1'))
      return Math.round(Number(stats.revenue.amount) * 100)
    },
    async paymentStates() {
      const rows = await world.db`select status from payments where account_id = ${club.id} order by id`
      return rows.map((row) => String(row.status))
    },
  }
}

/** The bank's books and ours agree to the cent, over all accounts that were paid by Stripe. */
export async function assertBankAgrees(world: StripeWorld): Promise<void> {
  const { totals } = await world.fake.ledger()
  const [row] = await world.db<[{ kept: bigint }]>`
    select coalesce(sum(total_minor - refunded_minor), 0)::bigint as kept from orders where payment_provider = 'stripe'`
  assert.equal(BigInt(totals.eur?.net ?? 0), row.kept)
}

export interface Payload {
  body: string
  signature: string
}

export async function deliver(world: StripeWorld, { body, signature }: Payload, path = '/webhooks/stripe') {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }
  const answer = await world.app.inject({ method: 'POST', url: path, payload: body, headers })
  return answer.statusCode
}

/** Everything that the bank has to tell so far, oldest first, signed at the world's time. */
export async function newsOf(world: StripeWorld, secret = world.fake.webhookSecret): Promise<Payload[]> {
  const stripe = stripeAt(world.fake.url)
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  const timestamp = Math.floor(world.now().getTime() / 1000)
  return events.toReversed().map((event) => {
    const body = JSON.stringify(event)
    return { body, signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }) }
  })
}
