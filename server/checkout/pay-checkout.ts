import type { Account } from '../accounts/account.ts'
import { findEvent } from '../events/queries.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { insertPayment, type PaymentRow, updatePayment } from '../payments/queries.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict, invalid, notFound, Refusal } from '../platform/refusal.ts'
import type { Clock } from '../platform/time.ts'
import { deleteHolds, lockEventPlaces } from '../ticketing/queries.ts'
import { refuseOutsideSales, wantedOf } from './begin-checkout.ts'
import { findExceededLimit } from './customer-limit.ts'
import {
  type CheckoutItemRow,
  type CheckoutRow,
  isHeld,
  listCheckoutItems,
  lockCheckout,
  updateCheckoutExpiry,
  updateNextAttempt,
} from './queries.ts'
import { type OrderNumbers, type SucceededPayment, settleCheckout } from './settle-checkout.ts'
import { takePlaces } from './take-places.ts'

export type PaymentResult = { status: 'paid'; order: OrderNumbers } | { status: 'pending' }

export interface PaymentChoice {
  providerName: string
  /** What the provider itself asks for, as the buyer's request has it. */
  options: Record<string, unknown>
  /** The ways to pay that the installation has for such a total. */
  providersFor: (totalMinor: bigint) => PaymentProvider[]
  holdMinutes: number
}

/**
 * Pays for the checkout. Asking again for a paid one answers the same and charges nothing, also when many ask at once.
 *
 * The provider is asked between two transactions, under a key that is written down before: a crash at any line leaves
 * nothing charged that asking again would not find.
 *
 * Throws 404; 422 on `buyer.email`, `provider` or `base` (declined: the places stay held); 409 where the places are
 * gone: money that was taken by then is given back.
 */
export async function payCheckout(
  db: Pool,
  account: Account,
  publicId: string,
  choice: PaymentChoice,
  clock: Clock,
): Promise<PaymentResult> {
  const prepared = await transaction(db, (tx) => preparePayment(tx, account, publicId, choice, clock()))
  if ('order' in prepared) return { status: 'paid', order: prepared.order }
  const { provider, payment } = prepared
  const { idempotencyKey, amountMinor } = payment
  const outcome = await provider.charge({
    idempotencyKey,
    amountMinor,
    currency: account.currency,
    options: choice.options,
  })
  if (outcome.status === 'declined') {
    await transaction(db, (tx) => noteDeclined(tx, account.id, publicId, payment))
    throw invalid('base', outcome.message)
  }
  if (outcome.status === 'pending') {
    await updatePayment(db, account.id, payment.id, 'pending', outcome.reference)
    return { status: 'pending' }
  }
  const succeeded = { ...payment, reference: outcome.reference }
  try {
    return { status: 'paid', order: await settleCheckout(db, account, publicId, succeeded, clock()) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const order = await transaction(db, (tx) => decideToGiveBack(tx, account.id, publicId, succeeded))
    if (order) return { status: 'paid', order }
    await provider.giveBack(outcome.reference)
    throw conflict(`${error.message}. The payment was given back`)
  }
}

/**
 * Writes down, before any money moves, that this payment goes back: from then on nobody makes an order of it, and the
 * next one is asked for under a key of its own. Resolves to the order where a twin has made it meanwhile.
 */
async function decideToGiveBack(
  tx: Tx,
  accountId: number,
  publicId: string,
  payment: SucceededPayment,
): Promise<OrderNumbers | undefined> {
  const checkout = await lockCheckout(tx, accountId, publicId)
  if (checkout?.orderPublicId && checkout.orderCode && checkout.orderPaymentId === payment.id) {
    return { publicId: checkout.orderPublicId, orderCode: checkout.orderCode }
  }
  await updatePayment(tx, accountId, payment.id, 'returned', payment.reference)
  if (checkout && paymentKey(checkout, payment.provider) === payment.idempotencyKey)
    await updateNextAttempt(tx, accountId, checkout.id)
}

async function preparePayment(
  tx: Tx,
  account: Account,
  publicId: string,
  choice: PaymentChoice,
  now: Date,
): Promise<{ order: OrderNumbers } | { provider: PaymentProvider; payment: PaymentRow }> {
  const checkout = await lockCheckout(tx, account.id, publicId)
  if (!checkout) throw notFound()
  if (checkout.orderPublicId && checkout.orderCode) {
    return { order: { publicId: checkout.orderPublicId, orderCode: checkout.orderCode } }
  }
  if (!checkout.buyer) throw invalid('buyer.email', "can't be blank")
  const provider = choice.providersFor(checkout.totalMinor).find((candidate) => candidate.name === choice.providerName)
  if (!provider) throw invalid('provider', 'is not included in the list')
  const items = await listCheckoutItems(tx, account.id, checkout.id)
  const tooMany = await findExceededLimit(tx, account.id, {
    email: checkout.buyer.email,
    eventId: checkout.eventId,
    items,
    now,
  })
  if (tooMany) throw invalid('base', tooMany)
  if (!(await isHeld(tx, account.id, checkout.id, now)))
    await takeAgain(tx, account, checkout, items, choice.holdMinutes, now)
  const payment = await insertPayment(tx, account.id, {
    provider: provider.name,
    idempotencyKey: paymentKey(checkout, provider.name),
    amountMinor: checkout.totalMinor,
    currency: account.currency,
    createdAt: now,
  })
  return { provider, payment }
}

/** The same for everyone who pays for this checkout this way now; another one after a payment has failed or gone back. */
function paymentKey(checkout: CheckoutRow, providerName: string): string {
  return `checkout:${checkout.publicId}:${checkout.paymentAttempt}:${providerName}`
}

/** The hold ran out before the payment was asked for: the places are taken anew, if they are still there and on sale. */
async function takeAgain(
  tx: Tx,
  account: Account,
  checkout: CheckoutRow,
  items: CheckoutItemRow[],
  holdMinutes: number,
  now: Date,
): Promise<void> {
  const event = await findEvent(tx, account.id, checkout.eventSlug)
  if (!event?.published) throw conflict('The event is no longer on sale')
  refuseOutsideSales(event, now)
  const expiresAt = new Date(now.getTime() + holdMinutes * 60_000)
  await lockEventPlaces(tx, account.id, checkout.eventId)
  await deleteHolds(tx, account.id, checkout.id)
  await takePlaces(tx, account.id, {
    checkoutId: checkout.id,
    eventId: checkout.eventId,
    wanted: wantedOf(items),
    now,
    expiresAt,
  })
  await updateCheckoutExpiry(tx, account.id, checkout.id, expiresAt)
}

async function noteDeclined(tx: Tx, accountId: number, publicId: string, payment: PaymentRow): Promise<void> {
  const checkout = await lockCheckout(tx, accountId, publicId)
  if (!checkout || checkout.status === 'paid' || paymentKey(checkout, payment.provider) !== payment.idempotencyKey)
    return
  await updatePayment(tx, accountId, payment.id, 'declined', null)
  await updateNextAttempt(tx, accountId, checkout.id)
}
