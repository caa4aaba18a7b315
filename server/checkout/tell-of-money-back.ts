import { findOwner } from '../accounts/queries.ts'
import { postMail } from '../mails/post-mail.ts'
import type { PaymentRow } from '../payments/queries.ts'
import type { Tx } from '../platform/database.ts'

/** Tells the buyer and the organiser that money which came could not become an order, why, and that it goes back. */
export async function tellOfMoneyBack(
  tx: Tx,
  accountId: number,
  payment: PaymentRow,
  reason: string,
  now: Date,
): Promise<void> {
  const purchase = payment.request?.purchase
  if (!purchase) return
  const { currency } = payment
  const details = { amountMinor: String(payment.amountMinor), currency, eventTitle: purchase.description, reason }
  const buyer = { recipient: purchase.email, locale: purchase.locale }
  await postMail(tx, accountId, buyer, 'money_back', details, now)
  const owner = await findOwner(tx, accountId)
  if (!owner) return
  const organiser = { recipient: owner.email, locale: owner.locale }
  await postMail(tx, accountId, organiser, 'money_back_notice', { ...details, buyer: purchase.email }, now)
}
