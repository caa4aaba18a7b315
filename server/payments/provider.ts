import { Refusal } from '../platform/refusal.ts'

/** What every way of paying promises. It knows amounts and references, never orders. */
export interface PaymentProvider {
  name: string
  /** Whether this way of paying is for such an amount. */
  takes(amountMinor: bigint, currency: string): boolean
  /**
   * Asks for the money. The same key never charges twice, also after a crash between the call and its answer: it
   * answers what became of the first. The same key always comes with the same request.
   *
   * Throws 422 on what is wrong in the buyer's part of the request, 503 where the provider can't be reached.
   */
  charge(request: ChargeRequest): Promise<ChargeOutcome>
  /** What has become of what `charge` answered under this reference. */
  find(reference: string): Promise<ChargeOutcome>
  /** No more money comes by what `charge` answered under this reference. What came before stays. */
  close(reference: string): Promise<void>
  /** Gives back a part of what was taken, or all. The same key never gives back twice. Throws 503 as `charge` does. */
  refund(request: RefundRequest): Promise<RefundOutcome>
  /** All that went back or is on its way: what `refund` did, and what began at the provider's side. */
  listRefunds(paymentReference: string): Promise<KnownRefund[]>
}

export interface RefundRequest {
  idempotencyKey: string
  /** Of the payment that succeeded. */
  paymentReference: string
  amountMinor: bigint
  currency: string
}

export interface RefundOutcome {
  status: 'succeeded' | 'pending' | 'failed'
  reference: string
}

export interface KnownRefund extends RefundOutcome {
  amountMinor: bigint
  /** The key that `refund` was called with; null where it began at the provider's side. */
  idempotencyKey: string | null
}

export interface ChargeRequest {
  idempotencyKey: string
  amountMinor: bigint
  currency: string
  /** The provider's own part of the buyer's request; checked by the provider. Throws 422 on what is wrong in it. */
  options: Record<string, unknown>
  purchase: Purchase
}

/** What a provider shows to the buyer, and where it sends them. */
export interface Purchase {
  /** Our name for it, which the provider keeps beside the money. */
  name: string
  description: string
  email: string
  locale: 'en' | 'de'
  returnUrl: string
  cancelUrl: string
  /** Unix seconds: no money is taken after it. */
  expiresAt: number
}

/** Money as a provider says that it took it. */
export interface Taken {
  amountMinor: bigint
  currency: string
}

/**
 * The reference of a payment that succeeded is what refunds go by; before that it may be another. Without `taken` it
 * took what it was asked for.
 */
export type ChargeOutcome =
  | { status: 'succeeded'; reference: string; taken?: Taken }
  | { status: 'pending'; reference: string }
  /** The buyer pays at `redirectUrl`. */
  | { status: 'requires_action'; reference: string; redirectUrl: string }
  /** No money will come under this key. `mayTryAgain`: the buyer had no part in it, and another key may bring it. */
  | { status: 'declined'; message: string; mayTryAgain?: boolean }

/** The provider was not to be reached, or did not say what it did: ask again, with the same key. */
export function unreachable(retryAfterSeconds = 2): Refusal {
  const error = 'The payment provider is not reachable at the moment'
  return new Refusal(503, { error }, { 'retry-after': String(retryAfterSeconds) })
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof Refusal && error.status === 503
}
