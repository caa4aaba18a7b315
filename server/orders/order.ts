import { taxIncluded } from '../platform/money.ts'

export type OrderStatus = 'paid' | 'refund_pending' | 'partially_refunded' | 'refunded'

interface OrderMoney {
  totalMinor: bigint
  refundedMinor: bigint
  pendingRefundMinor: bigint
}

/** An order's state follows from its money; one that was free is `refunded` once it is cancelled. */
export function orderStatus(order: OrderMoney & { cancelled: boolean }): OrderStatus {
  if (order.pendingRefundMinor > 0n) return 'refund_pending'
  if (order.totalMinor === 0n) return order.cancelled ? 'refunded' : 'paid'
  if (order.refundedMinor === 0n) return 'paid'
  return order.refundedMinor === order.totalMinor ? 'refunded' : 'partially_refunded'
}

/** What may still be given back, in minor units: refunds that are on their way are spoken for. */
export function refundableMinor(order: OrderMoney): bigint {
  return order.totalMinor - order.refundedMinor - order.pendingRefundMinor
}

/** The tax inside a line's price, in minor units; `rate` in percent, "19.0". */
export function lineTax(totalMinor: bigint, rate: string | null): bigint {
  return rate === null ? 0n : taxIncluded(totalMinor, rate)
}
