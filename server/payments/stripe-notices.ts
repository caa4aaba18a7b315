import type Stripe from 'stripe'
import { unreachable } from './provider.ts'
import { askStripe, type StripeKeys, stripeFor } from './stripe-client.ts'

/** News of Stripe's, and what to look up for it: a Checkout Session (`cs_…`) or a payment (`pi_…`). */
export interface StripeNotice {
  eventId: string
  subject: string
}

const types: Stripe.EventListParams['types'] = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]

/**
 * Reads a notice, whose signature must be made of these very bytes with this secret not long before `now`. Undefined
 * where it is not; a `subject` of '' stands for news that is not for us.
 */
export async function readNotice(
  body: Buffer,
  signature: string,
  secret: string,
  now: Date,
): Promise<StripeNotice | undefined> {
  const { default: StripeClient } = await import('stripe')
  try {
    const event = StripeClient.webhooks.constructEvent(body, signature, secret, 300, undefined, now.getTime())
    return { eventId: event.id, subject: subjectOf(event) }
  } catch {
    return undefined
  }
}

const pageSize = 100
const mostPages = 50
const lookBackSeconds = 86_400
const lateSeconds = 600

/**
 * The news of the last day that `keep` has not seen, read backwards until all that is there is older than ten minutes and
 * known. `keep` answers whether any of them was new to it. Throws 503 where Stripe is away.
 */
export async function readMissedNotices(
  keys: StripeKeys,
  now: Date,
  keep: (notices: StripeNotice[]) => Promise<boolean>,
): Promise<void> {
  const stripe = await stripeFor(keys)
  const seconds = Math.floor(now.getTime() / 1000)
  let after: string | undefined
  for (let count = 0; count < mostPages; count++) {
    const page = await askStripe(
      stripe.events.list({
        ...{ types, limit: pageSize, created: { gte: seconds - lookBackSeconds } },
        ...(after && { starting_after: after }),
      }),
    )
    if (!page) throw unreachable()
    const hasNews = await keep(page.data.map((event) => ({ eventId: event.id, subject: subjectOf(event) })))
    const last = page.data.at(-1)
    if (!last || !page.has_more || (!hasNews && last.created < seconds - lateSeconds)) return
    after = last.id
  }
}

/** The Checkout Session that this payment came by, or undefined where it came by none of ours. */
export async function findSessionOfPayment(keys: StripeKeys, paymentReference: string): Promise<string | undefined> {
  const stripe = await stripeFor(keys)
  const page = await askStripe(stripe.checkout.sessions.list({ payment_intent: paymentReference, limit: 1 }))
  return page?.data[0]?.id
}

function subjectOf(event: Stripe.Event): string {
  const { object } = event.data
  if (!('object' in object)) return ''
  if (object.object === 'checkout.session') return object.id
  if (object.object !== 'charge' && object.object !== 'refund' && object.object !== 'dispute') return ''
  const intent = object.payment_intent
  return (typeof intent === 'string' ? intent : intent?.id) ?? ''
}
