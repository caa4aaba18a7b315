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
  /** Resolves when the orders are on their way: only then may it be given the next. Rejects where earlier ones failed. */
  take(orders: NumberedOrder[]): Promise<void>
  /** Resolves when nothing is on its way any more, whatever became of it. */
  settle(): Promise<void>
  end(): Promise<ImportOutcome>
}
