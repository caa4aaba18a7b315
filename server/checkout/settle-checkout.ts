import type { Account } from '../accounts/account.ts'
import { insertCustomerEvent, upsertCustomer } from '../customers/queries.ts'
import { postOrderMail } from '../mails/post-mail.ts'
import { draftInvoice } from '../orders/invoices/issue-invoice.ts'
import { insertInvoice } from '../orders/invoices/queries.ts'
import { issueOrder, issueTickets } from '../orders/issue-order.ts'
import { findPayment, type PaymentRow, updatePayment } from '../payments/queries.ts'
import { isDeadlock, type Pool, type Tx, transaction, violatedConstraint } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { findExceededLimit } from './customer-limit.ts'
import { type CheckoutRow, lockCheckout, updateCheckoutPaid } from './queries.ts'
import { useHeldPlaces } from './take-places.ts'
import { redeemPromoCode } from './use-promo-code.ts'

export interface OrderNumbers {
  publicId: string
  orderCode: string
}

export type SucceededPayment = PaymentRow & { reference: string }

/**
 * Turns a paid checkout into an order: order, tickets, customer and sums all come to be in one transaction, or none does.
 * A payment is reported more than once; the second report changes nothing and answers the same.
 *
 * Throws 409 where the places are gone, the checkout was given up, or another payment has paid it: the money is then the
 * caller's to give back, after this transaction and not inside it. Money that is going back already stays refused.
 */
export async function settleCheckout(
  db: Pool,
  account: Account,
  publicId: string,
  payment: SucceededPayment,
  now: Date,
): Promise<OrderNumbers> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction(db, (tx) => settle(tx, account, publicId, payment, now))
    } catch (error) {
      const isWorthAnotherTry = isDeadlock(error) || codeConstraints.includes(violatedConstraint(error) ?? '')
      if (!isWorthAnotherTry || attempt === 5) throw error
    }
  }
}

/** Short codes are drawn at random: two may be alike, then the database refuses and new ones are drawn. */
const codeConstraints = ['orders_account_id_order_code_key', 'tickets_account_id_check_in_code_key']

/** Money can come for a payment that was taken for declined: what the provider says last is so. */
const unsettled: PaymentRow['status'][] = ['started', 'pending', 'declined']

async function settle(
  tx: Tx,
  account: Account,
  publicId: string,
  payment: SucceededPayment,
  now: Date,
): Promise<OrderNumbers> {
  const [checkout, known] = await Promise.all([
    lockCheckout(tx, account.id, publicId),
    findPayment(tx, account.id, payment.id),
  ])
  if (known?.status === 'returning' || known?.status === 'returned')
    throw conflict(known.returnReason ?? 'The payment was refused')
  if (!checkout?.buyer) throw conflict('The checkout was given up')
  if (checkout.orderPublicId && checkout.orderCode) {
    if (checkout.orderPaymentId !== payment.id) throw conflict('The order is paid already')
    return { publicId: checkout.orderPublicId, orderCode: checkout.orderCode }
  }

  if (checkout.totalMinor !== payment.amountMinor) throw conflict('The total has changed since')

  const { items } = checkout
  const paidAt = laterOf(new Date(checkout.createdAt), now)
  const customerId = await upsertCustomer(tx, account.id, {
    ...checkout.buyer,
    marketingConsent: checkout.marketingConsent,
    paidAt,
  })
  await refuseBeyondLimits(tx, account.id, checkout, checkout.buyer.email, now)
  const order = await issueOrder(tx, account.id, paidOrder(checkout, customerId, payment, paidAt), items)
  const { reference } = payment
  // In this order: the mail and the invoice are of a checkout that is paid.
  const [, , , , invoice] = await Promise.all([
    insertCustomerEvent(tx, account.id, customerId, checkout.eventId),
    updatePayment(tx, account.id, payment.id, { status: 'succeeded', from: unsettled, reference }),
    updateCheckoutPaid(tx, account.id, checkout.id, order.id),
    postOrderMail(tx, account.id, order.id, 'tickets', {}, paidAt),
    draftInvoice(tx, account.id, order.id, order.lines),
  ])
  // The places late: their row is the one that every buyer of the event waits for; the invoice's number last of all.
  const wanted = items.map(({ ticketTypeId, quantity }) => ({ ticketTypeId, quantity }))
  await useHeldPlaces(tx, account.id, {
    checkoutId: checkout.id,
    eventId: checkout.eventId,
    wanted,
    now,
    expiresAt: now,
  })
  await Promise.all([
    issueTickets(tx, account.id, checkout.eventId, order.id, items),
    invoice && insertInvoice(tx, account.id, invoice),
  ])
  return { publicId: order.publicId, orderCode: order.orderCode }
}

/** What was free when the checkout began may be used up by now: exact, as the customer and then the code are locked. */
async function refuseBeyondLimits(
  tx: Tx,
  accountId: number,
  { id: checkoutId, eventId, promoCodeId, items }: CheckoutRow,
  email: string,
  now: Date,
): Promise<void> {
  const tooMany = await findExceededLimit(tx, accountId, email, items)
  if (tooMany) throw conflict(tooMany)
  if (promoCodeId !== null) await redeemPromoCode(tx, accountId, promoCodeId, { eventId, checkoutId, email, now })
}

function paidOrder(checkout: CheckoutRow, customerId: number, payment: SucceededPayment, paidAt: Date) {
  return {
    eventId: checkout.eventId,
    customerId,
    customerName: checkout.buyer?.name ?? '',
    customerEmail: checkout.buyer?.email ?? '',
    marketingConsent: checkout.marketingConsent,
    consentLocale: checkout.consentLocale,
    consentVersion: checkout.consentVersion,
    paymentProvider: payment.provider,
    paymentReference: payment.reference,
    paymentId: payment.id,
    attribution: checkout.attribution,
    promoCodeId: checkout.promoCodeId,
    createdAt: new Date(checkout.createdAt),
    paidAt,
  }
}

/** Two servers' clocks may differ a little; an order is never paid before it began. */
function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b
}
