import { postOrderMail } from '../mails/post-mail.ts'
import type { KnownRefund, PaymentProvider, RefundOutcome } from '../payments/provider.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { issueCancellations } from './invoices/issue-invoice.ts'
import { refundableMinor } from './order.ts'
import { findOrder } from './queries.ts'
import {
  insertKnownRefund,
  listRefundsOf,
  lockOrder,
  type RefundRow,
  updateOrderCancelled,
  updateRefund,
  updateTicketsCancelled,
} from './refund-queries.ts'

/** The key that the provider is asked for the refund with. */
export function refundKey(refund: Pick<RefundRow, 'id' | 'orderPublicId'>): string {
  return `refund:${refund.orderPublicId}:${refund.id}`
}

/**
 * Brings the order's refunds to where the provider has them: also those that began at the provider's side, such as a
 * dispute that was lost, never more of them than what is left. Throws 503 where the provider is away.
 */
export async function syncRefunds(
  db: Pool,
  accountId: number,
  order: { id: number; publicId: string; paymentReference: string },
  provider: PaymentProvider,
  now: Date,
): Promise<void> {
  const known = await provider.listRefunds(order.paymentReference)
  await transaction(db, async (tx) => {
    await lockOrder(tx, accountId, order.id)
    const ours = await listRefundsOf(tx, accountId, order.id)
    const rowOf = (refund: KnownRefund) =>
      ours.find((row) => row.providerReference === refund.reference) ??
      ours.find((row) => row.providerReference === null && refundKey(row) === refund.idempotencyKey)
    // First what is known: a refund that failed leaves room for one that we hear of now.
    for (const refund of known) {
      const row = rowOf(refund)
      if (row) await noteRefund(tx, accountId, row, refund, now)
    }
    for (const refund of known) if (!rowOf(refund)) await noteForeignRefund(tx, accountId, order, refund, now)
    await issueCancellations(tx, accountId, order.id, now)
  })
}

/** Notes how a refund stands. The order is locked. With the last of the money its tickets end. */
export async function noteRefund(
  tx: Tx,
  accountId: number,
  refund: RefundRow,
  outcome: RefundOutcome,
  now: Date,
): Promise<void> {
  const before = await findOrder(tx, accountId, refund.orderPublicId)
  if (!(await updateRefund(tx, accountId, refund.id, outcome, now))) return
  await endTicketsIfRefunded(tx, accountId, refund.orderPublicId, now)
  if (outcome.status === 'succeeded') await tellOfRefund(tx, accountId, refund.orderPublicId, refund.amountMinor, now)
  const after = await findOrder(tx, accountId, refund.orderPublicId)
  // The tickets have ended, and their places may be sold by now: they stay so, and the money is still owed.
  const hasComeBack = before && after && isRefunded(before) && !isRefunded(after)
  if (hasComeBack && !after.cancelled) await updateOrderCancelled(tx, accountId, after.id, now)
}

async function noteForeignRefund(
  tx: Tx,
  accountId: number,
  order: { id: number; publicId: string },
  { status, reference, amountMinor }: KnownRefund,
  now: Date,
): Promise<void> {
  const found = await findOrder(tx, accountId, order.publicId)
  const left = found ? refundableMinor(found) : 0n
  if (status === 'failed' || left === 0n) return
  const amount = amountMinor < left ? amountMinor : left
  await insertKnownRefund(tx, accountId, order.id, { amountMinor: amount, status, reference }, now)
  await endTicketsIfRefunded(tx, accountId, order.publicId, now)
  if (status === 'succeeded') await tellOfRefund(tx, accountId, order.publicId, amount, now)
}

/** Of a cancelled order the buyer knows already what goes back. */
async function tellOfRefund(
  tx: Tx,
  accountId: number,
  publicId: string,
  amountMinor: bigint,
  now: Date,
): Promise<void> {
  const order = await findOrder(tx, accountId, publicId)
  if (!order || order.cancelled) return
  await postOrderMail(tx, accountId, order.id, 'refund', { amountMinor: String(amountMinor) }, now)
}

async function endTicketsIfRefunded(tx: Tx, accountId: number, publicId: string, now: Date): Promise<void> {
  const order = await findOrder(tx, accountId, publicId)
  if (order && isRefunded(order)) await updateTicketsCancelled(tx, accountId, order.id, now)
}

function isRefunded(order: { refundedMinor: bigint; totalMinor: bigint }): boolean {
  return order.totalMinor > 0n && order.refundedMinor === order.totalMinor
}
