import { taxIncluded } from '../platform/money.ts'

export type OrderStatus = 'paid' | 'partially_refunded' | 'refunded'

/** An order's state follows from its money alone. */
export function orderStatus(order: { totalMinor: bigint; refundedMinor: bigint }): OrderStatus {
  if (order.refundedMinor === 0n) return 'paid'
  return order.refundedMinor === order.totalMinor ? 'refunded' : 'partially_refunded'
}

/** The tax inside a line's price, in minor units; `rate` in percent, "19.0". */
export function lineTax(totalMinor: bigint, rate: string | null): bigint {
  return rate === null ? 0n : taxIncluded(totalMinor, rate)
}
