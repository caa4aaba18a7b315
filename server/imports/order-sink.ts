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
  take(orders: NumberedOrder[]): Promise<void>
  end(): Promise<ImportOutcome>
}
