import type { NumberedOrder } from './read-orders.ts'

export interface ImportOutcome {
  imported: number
  /** Lines whose ref came earlier in the file or in an earlier import. */
  skipped: number
  /** Newly made ones. */
  customers: number
}

/** Where the orders of a file go, a bunch after the other. */
export interface OrderSink {
  /** Resolves when the orders are on their way, to a promise of their arrival. Only then may it be given the next. */
  take(orders: NumberedOrder[]): Promise<{ arrived: Promise<void> }>
  end(): Promise<ImportOutcome>
}
