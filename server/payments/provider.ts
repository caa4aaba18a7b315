/** What every way of paying promises. It knows amounts and references, never orders. */
export interface PaymentProvider {
  name: string
  /** Whether this way of paying is for such an amount. */
  takes(amountMinor: bigint): boolean
  /**
   * Asks for the money. The same key never charges twice, also after a crash between the call and its answer: it
   * answers what became of the first.
   */
  charge(request: ChargeRequest): Promise<ChargeOutcome>
  /** Gives back what `charge` took, whole; doing so twice is doing so once. */
  giveBack(reference: string): Promise<void>
  /** Gives back a part of what was taken, or all. The same key never gives back twice. */
  refund(request: RefundRequest): Promise<RefundOutcome>
}

export interface RefundRequest {
  idempotencyKey: string
  /** What `charge` answered. */
  paymentReference: string
  amountMinor: bigint
  currency: string
}

export interface RefundOutcome {
  status: 'succeeded' | 'pending' | 'failed'
  reference: string
}

export interface ChargeRequest {
  idempotencyKey: string
  amountMinor: bigint
  currency: string
  /** The provider's own part of the buyer's request; checked by the provider. Throws 422 on what is wrong in it. */
  options: Record<string, unknown>
}

export type ChargeOutcome =
  | { status: 'succeeded'; reference: string }
  | { status: 'pending'; reference: string }
  | { status: 'declined'; message: string }
