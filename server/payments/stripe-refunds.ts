import type Stripe from 'stripe'
import { type KnownRefund, type RefundOutcome, type RefundRequest, unreachable } from './provider.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts'
import { askStripe, readFailure } from './stripe-client.ts'

const most = 100

/**
 * Gives back under the request's key. A refusal, or an error that Stripe keeps, does not say that nothing happened: what
 * bears our key among the payment's refunds is the answer then. Throws 503 where Stripe is away.
 */
export async function refundAtStripe(stripe: Stripe, request: RefundRequest): Promise<RefundOutcome> {
  const amount = toStripeAmount(request.amountMinor, request.currency)
  if (amount === undefined) return { status: 'failed', reference: '' }
  for (const idempotencyKey of [request.idempotencyKey, `${request.idempotencyKey}:again`]) {
    try {
      const parameters = { payment_intent: request.paymentReference, amount }
      const metadata = { foyer_refund: request.idempotencyKey }
      const refund = await stripe.refunds.create({ ...parameters, metadata }, { idempotencyKey })
      return { status: statusOf(refund), reference: refund.id }
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind === 'away') throw unreachable(failure.retryAfterSeconds)
      const known = await listStripeRefunds(stripe, request.paymentReference)
      const ours = known.find((refund) => refund.idempotencyKey === request.idempotencyKey)
      if (ours) return { status: ours.status, reference: ours.reference }
      if (failure.kind === 'refused') return { status: 'failed', reference: '' }
    }
  }
  throw unreachable()
}

/** The payment's refunds, oldest first, and the disputes that were lost: money that the buyer's bank took back. */
export async function listStripeRefunds(stripe: Stripe, paymentReference: string): Promise<KnownRefund[]> {
  const of = { payment_intent: paymentReference, limit: most }
  const refunds = await askStripe(stripe.refunds.list(of).autoPagingToArray({ limit: 1000 }))
  const disputes = await askStripe(stripe.disputes.list(of).autoPagingToArray({ limit: 1000 }))
  if (!refunds || !disputes) throw unreachable()
  const lost = disputes.filter(({ status }) => status === 'lost')
  return [...refunds.toReversed().map(readRefund), ...lost.toReversed().map(readDispute)]
}

function readRefund(refund: Stripe.Refund): KnownRefund {
  return {
    status: statusOf(refund),
    reference: refund.id,
    amountMinor: fromStripeAmount(refund.amount, refund.currency.toUpperCase()),
    idempotencyKey: refund.metadata?.foyer_refund ?? null,
  }
}

function readDispute({ id, amount, currency }: Stripe.Dispute): KnownRefund {
  const amountMinor = fromStripeAmount(amount, currency.toUpperCase())
  return { status: 'succeeded', reference: id, amountMinor, idempotencyKey: null }
}

function statusOf({ status }: Stripe.Refund): RefundOutcome['status'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}
