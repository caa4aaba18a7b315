import { refunderOf } from '../payments/providers.ts'
import { type Db, type Pool, type Tx, transaction } from '../platform/database.ts'
import { decimal, parseAmount } from '../platform/money.ts'
import { conflict, invalid, notFound } from '../platform/refusal.ts'
import { refundableMinor } from './order.ts'
import { findOrder, type OrderRow } from './queries.ts'
import {
  findRefund,
  insertRefund,
  lockOrder,
  updateOrderCancelled,
  updateRefund,
  updateTicketsCancelled,
} from './refund-queries.ts'

export interface Payee {
  id: number
  currency: string
}

/**
 * First half of a refund, in the caller's transaction: writes down that the money shall go back. `amount` is a decimal
 * string; undefined stands for everything that is left. Resolves to the refund's id, to be handed to `finishRefund`.
 * Throws 404, 409 where nothing is left, 422 on `amount`.
 */
export async function beginRefund(
  tx: Tx,
  account: Payee,
  ref: string,
  amount: string | undefined,
  now: Date,
): Promise<number> {
  const order = await lockedOrder(tx, account.id, ref)
  const left = refundableMinor(order)
  if (left === 0n) throw conflict('Nothing is left to refund')
  const amountMinor = amount === undefined ? left : parseAmount(amount, account.currency)
  if (amountMinor === undefined) throw invalid('amount', 'is not a number')
  if (amountMinor === 0n) throw invalid('amount', 'must be greater than 0')
  if (amountMinor > left) throw invalid('amount', `must be less than or equal to ${decimal(left, account.currency)}`)
  return insertRefund(tx, account.id, order.id, amountMinor, now)
}

/**
 * First half of a cancellation: tickets end and their places are free at once, the money follows. Resolves to the id of
 * the refund that is to be finished, or undefined where there is no money to give back. Throws 404, 409 the second time.
 */
export async function beginCancellation(tx: Tx, account: Payee, ref: string, now: Date): Promise<number | undefined> {
  const order = await lockedOrder(tx, account.id, ref)
  if (order.cancelled) throw conflict('The order is cancelled')
  await updateOrderCancelled(tx, account.id, order.id, now)
  const left = refundableMinor(order)
  const refundId = left > 0n ? await insertRefund(tx, account.id, order.id, left, now) : undefined
  await updateTicketsCancelled(tx, account.id, order.id, now)
  return refundId
}

/**
 * Second half: asks the provider, and writes down what became of it. Safe to call again, by anyone, at any time: the
 * provider gives back once under the refund's key. With the last of the money the tickets end.
 */
export async function finishRefund(db: Pool, account: Payee, refundId: number, now: Date): Promise<void> {
  const refund = await findRefund(db, account.id, refundId)
  if (refund?.status !== 'pending') return
  const outcome = await refunderOf(refund.paymentProvider).refund({
    idempotencyKey: `refund:${refund.orderPublicId}:${refund.id}`,
    paymentReference: refund.paymentReference ?? '',
    amountMinor: refund.amountMinor,
    currency: account.currency,
  })
  if (outcome.status === 'pending') return
  await transaction(db, async (tx) => {
    await lockOrder(tx, account.id, refund.orderId)
    const isNews = await updateRefund(tx, account.id, refund.id, outcome, now)
    const order = isNews ? await findOrder(tx, account.id, refund.orderPublicId) : undefined
    if (order && order.refundedMinor === order.totalMinor) await updateTicketsCancelled(tx, account.id, order.id, now)
  })
}

async function lockedOrder(tx: Db, accountId: number, ref: string): Promise<OrderRow> {
  const found = await findOrder(tx, accountId, ref)
  if (!found) throw notFound()
  await lockOrder(tx, accountId, found.id)
  const locked = await findOrder(tx, accountId, ref)
  if (!locked) throw notFound()
  return locked
}
