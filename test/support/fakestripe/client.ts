import type Stripe from 'stripe'
import type { RefundFate } from './cards.ts'
import type { ControlInputs } from './controls.ts'
import type { Delivery } from './deliveries.ts'
import type { FaultScript } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { Buyer, PayOutcome } from './session-payments.ts'
import type { LoggedRequest } from './world.ts'

/** What a test can do to the bank, and see of it, that Stripe's API doesn't offer. */
export interface FakeStripeControls {
  /** For `STRIPE_API_URL`. */
  url: string
  /** Pays as a buyer would on the page; the card is one of Stripe's test numbers, 4242… unless said. */
  pay(sessionId: string, card?: string, buyer?: Buyer): Promise<PayOutcome>
  /** What the buyer says when the buyer's own bank asks. */
  authenticate(sessionId: string, confirmed?: boolean): Promise<PayOutcome>
  /** Sends the news of all accounts to `url`; all types unless said. */
  subscribe(url: string, options?: { secret?: string; types?: string[] }): Promise<void>
  /** Lets these things go wrong, after what was scripted before. */
  script(script: FaultScript): Promise<void>
  clearFaults(): Promise<void>
  /** What becomes of the next refunds, one each; without a word the card decides. */
  scriptRefunds(...fates: RefundFate[]): Promise<void>
  decideRefund(refundId: string, outcome: 'succeeded' | 'failed'): Promise<void>
  openDispute(paymentIntentId: string, reason?: string): Promise<Stripe.Dispute>
  decideDispute(disputeId: string, outcome: 'won' | 'lost'): Promise<void>
  /** Puts the bank's clock ahead; what is due by then has happened when this resolves. */
  advance(seconds: number): Promise<void>
  ledger(): Promise<Ledger>
  deliveries(): Promise<Delivery[]>
  /** Sends these events in this order, each when the one before was answered; resolves to the statuses, 0 for none. */
  deliver(eventIds: string[]): Promise<number[]>
  /** Resolves when no notice is under way or waits for another attempt. */
  settled(): Promise<void>
  requests(): Promise<LoggedRequest[]>
  reset(): Promise<void>
}

export const defaultWebhookSecret = 'whsec_fakestripe'

/** Talks to a fake Stripe that runs here or elsewhere. Throws what it says where it refuses. */
export function controlFakeStripe(url: string, webhookSecret = defaultWebhookSecret): FakeStripeControls {
  async function ask<T>(path: string, method: string, body?: string): Promise<T> {
    const answer = await fetch(`${url}/${path}`, { method, body })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`fake Stripe ${path}: ${answer.status} ${text}`)
    // Both sides are in this folder; `controls.ts` says what each answers.
    return JSON.parse(text) as T
  }
  const tell = <K extends keyof ControlInputs, T = void>(name: K, input: ControlInputs[K]): Promise<T> =>
    ask<T>(name, 'POST', JSON.stringify(input))
  return {
    url,
    pay: (session, card = '4242424242424242', buyer) => tell('_pay', { session, card, buyer }),
    authenticate: (session, confirmed = true) => tell('_authenticate', { session, confirmed }),
    subscribe: (target, options = {}) =>
      tell('_subscribe', { url: target, secret: options.secret ?? webhookSecret, types: options.types ?? ['*'] }),
    script: (script) => tell('_faults', script),
    clearFaults: () => tell('_faults', { clear: true }),
    scriptRefunds: (...fates) => tell('_refunds', { fates }),
    decideRefund: (refund, outcome) => tell('_refunds', { refund, outcome }),
    openDispute: (paymentIntent, reason) => tell('_disputes', { paymentIntent, reason }),
    decideDispute: (dispute, outcome) => tell('_disputes', { dispute, outcome }),
    advance: (seconds) => tell('_advance', { seconds }),
    ledger: () => ask('_ledger', 'GET'),
    deliveries: () => ask('_deliveries', 'GET'),
    deliver: (events) => tell('_deliver', { events }),
    settled: () => tell('_settled', {}),
    requests: () => ask('_requests', 'GET'),
    reset: () => tell('_reset', {}),
  }
}
