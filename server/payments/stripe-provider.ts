import type Stripe from 'stripe'
import { invalid } from '../platform/refusal.ts'
import { type ChargeOutcome, type ChargeRequest, type PaymentProvider, type Taken, unreachable } from './provider.ts'
import { fromStripeAmount, isPayableByStripe, toStripeAmount } from './stripe-amounts.ts'
import { askStripe, readFailure, type StripeKeys, stripeFor } from './stripe-client.ts'
import { listStripeRefunds, refundAtStripe } from './stripe-refunds.ts'

/** Stripe Checkout: the buyer pays on Stripe's own page. Amounts are ISO 4217's minor units, as everywhere in Foyer. */
export function stripeProvider(keys: StripeKeys): PaymentProvider {
  return {
    name: 'stripe',
    takes: isPayableByStripe,
    charge: async (request) => openSession(await stripeFor(keys), request),
    async find(reference) {
      const stripe = await stripeFor(keys)
      const session = await askStripe(stripe.checkout.sessions.retrieve(reference, { expand: ['payment_intent'] }))
      if (!session) throw unreachable()
      return outcomeOf(session)
    },
    async close(reference) {
      const stripe = await stripeFor(keys)
      // Refused where it is paid or has run out: then there is nothing left to close.
      await askStripe(stripe.checkout.sessions.expire(reference))
    },
    refund: async (request) => refundAtStripe(await stripeFor(keys), request),
    listRefunds: async (paymentReference) => listStripeRefunds(await stripeFor(keys), paymentReference),
  }
}

async function openSession(stripe: Stripe, request: ChargeRequest): Promise<ChargeOutcome> {
  const { idempotencyKey } = request
  try {
    return outcomeOf(await stripe.checkout.sessions.create(sessionParameters(request), { idempotencyKey }))
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind === 'away') throw unreachable(failure.retryAfterSeconds)
    // The page of such a key was never shown to anyone: another key is safe.
    const message = 'The payment could not be started; please try again'
    return { status: 'declined', message, mayTryAgain: failure.kind === 'kept_error' }
  }
}

function sessionParameters(request: ChargeRequest): Stripe.Checkout.SessionCreateParams {
  const { purchase, currency } = request
  const amount = toStripeAmount(request.amountMinor, currency)
  if (amount === undefined) throw invalid('provider', 'is not included in the list')
  const metadata = { foyer_payment: request.idempotencyKey }
  const priceData = { currency: currency.toLowerCase(), unit_amount: amount }
  return {
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: { ...priceData, product_data: { name: purchase.description } } }],
    client_reference_id: purchase.name,
    metadata,
    payment_intent_data: { metadata, description: purchase.description },
    allowed_payment_method_types: ['card'],
    ...(asciiAddress.test(purchase.email) && { customer_email: purchase.email }),
    locale: purchase.locale,
    expires_at: purchase.expiresAt,
    success_url: purchase.returnUrl,
    cancel_url: purchase.cancelUrl,
  }
}

/** Stripe refuses other addresses; the buyer then types one there. */
const asciiAddress = /^[\x21-\x7e]+$/

function takenBy({ amount_total, currency }: Stripe.Checkout.Session): Taken {
  const code = String(currency).toUpperCase()
  return { amountMinor: fromStripeAmount(amount_total ?? 0, code), currency: code }
}

function outcomeOf(session: Stripe.Checkout.Session): ChargeOutcome {
  const { id, url } = session
  if (session.status === 'expired')
    return { status: 'declined', message: 'The payment was not completed in time', mayTryAgain: true }
  if (session.status === 'open' && url) return { status: 'requires_action', reference: id, redirectUrl: url }
  const intent = session.payment_intent
  const intentId = typeof intent === 'string' ? intent : intent?.id
  if (session.payment_status === 'paid' && intentId)
    return { status: 'succeeded', reference: intentId, taken: takenBy(session) }
  const hasFailed = typeof intent === 'object' && ['requires_payment_method', 'canceled'].includes(intent?.status ?? '')
  return hasFailed ? { status: 'declined', message: 'The payment failed' } : { status: 'pending', reference: id }
}
