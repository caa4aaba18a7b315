import { postOrderMail } from '../mails/post-mail.ts'
import { isUnreachable, type PaymentProvider, type RefundOutcome } from '../payments/provider.ts'
import { findRefunder, type PaymentConfig, refundStep } from '../payments/providers.ts'
import { type Db, type Pool, type Tx, transaction } from '../platform/database.ts'
import { decimal, parseAmount } from '../platform/money.ts'
import { conflict, invalid, notFound } from '../platform/refusal.ts'
import { issueCancellations } from './invoices/issue-invoice.ts'
import { refundableMinor } from './order.ts'
import { findOrder, type OrderRow } from './queries.ts'
import {
  findRefund,
  insertRefund,
  lockOrder,
  type RefundRow,
  updateOrderCancelled,
  updateTicketsCancelled,
} from './refund-queries.ts'
import { noteRefund, refundKey } from './sync-refunds.ts'

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
  const step = refundStep(order.paymentProvider, account.currency)
  if (amountMinor % step !== 0n) throw invalid('amount', `must be a multiple of ${decimal(step, account.currency)}`)
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
  const amountMinor = String(order.totalMinor - order.refundedMinor)
  await postOrderMail(tx, account.id, order.id, 'cancellation', { amountMinor }, now)
  return refundId
}

/**
 * Second half: asks the provider, and writes down what became of it. Safe to call again, by anyone, at any time: the
 * provider gives back once under the refund's key. While the provider is away or works on it, the refund stays pending.
 */
export async function finishRefund(
  db: Pool,
  account: Payee,
  refundId: number,
  now: Date,
  config: PaymentConfig,
): Promise<void> {
  const refund = await findRefund(db, account.id, refundId)
  if (refund?.status !== 'pending') return
  const provider = await findRefunder(db, account.id, refund.paymentProvider, config)
  if (!provider) return
  try {
    const outcome = await askForRefund(provider, refund, account.currency)
    await transaction(db, async (tx) => {
      await lockOrder(tx, account.id, refund.orderId)
      await noteRefund(tx, account.id, refund, outcome, now)
      await issueCancellations(tx, account.id, refund.orderId, now)
    })
  } catch (error) {
    if (!isUnreachable(error)) throw error
  }
}

async function askForRefund(provider: PaymentProvider, refund: RefundRow, currency: string): Promise<RefundOutcome> {
  const paymentReference = refund.paymentReference ?? ''
  if (refund.providerReference !== null) {
    const known = await provider.listRefunds(paymentReference)
    const same = known.find(({ reference }) => reference === refund.providerReference)
    return same ?? { status: 'pending', reference: refund.providerReference }
  }
  const { amountMinor } = refund
  return provider.refund({ idempotencyKey: refundKey(refund), paymentReference, amountMinor, currency })
}

async function lockedOrder(tx: Db, accountId: number, ref: string): Promise<OrderRow> {
  const found = await findOrder(tx, accountId, ref)
  if (!found) throw notFound()
  await lockOrder(tx, accountId, found.id)
  const locked = await findOrder(tx, accountId, ref)
  if (!locked) throw notFound()
  return locked
}
