import type { Account } from '../accounts/account.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { insertPayment, type PaymentRow } from '../payments/queries.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict, invalid, notFound } from '../platform/refusal.ts'
import type { Clock } from '../platform/time.ts'
import { askProvider, concludePayment, type PaymentResult, paymentKey } from './conclude-payment.ts'
import { findExceededLimit } from './customer-limit.ts'
import { type CheckoutRow, findCheckout, isHeld, lockCheckout } from './queries.ts'
import type { OrderNumbers } from './settle-checkout.ts'
import { takeAgain } from './take-again.ts'
import { findExceededUse } from './use-promo-code.ts'

export interface PaymentChoice {
  providerName: string
  /** What the provider itself asks for, as the buyer's request has it. */
  options: Record<string, unknown>
  /** The ways to pay that the account has for such a total. */
  providersFor: (totalMinor: bigint) => PaymentProvider[]
  holdMinutes: number
  /** Where the account's shop is, without a slash at its end. */
  shopUrl: string
}

/**
 * Pays for the checkout. Asking again for a paid one answers the same and charges nothing, also when many ask at once;
 * asking again while the buyer has a page to pay on answers that page.
 *
 * The provider is asked between two transactions, under a key and with a request that are written down before: a crash
 * at any line leaves nothing charged that asking again would not find.
 *
 * Throws 404; 422 on `buyer.email`, `provider`, `promo_code` or `base` (declined: the places stay held); 409 where the places are
 * gone: money that was taken by then is given back; 503 where the provider can't be reached: nothing is decided then.
 */
export async function payCheckout(
  db: Pool,
  account: Account,
  publicId: string,
  choice: PaymentChoice,
  clock: Clock,
  triesLeft = 2,
): Promise<PaymentResult> {
  const prepared = await transaction(db, (tx) => preparePayment(tx, account, publicId, choice, clock()))
  if ('order' in prepared) return { status: 'paid', order: prepared.order }
  const { provider, payment } = prepared
  const outcome = await askProvider(provider, payment, choice.options)
  const result = await concludePayment(db, account, { provider, payment, outcome }, clock)
  if (result.status === 'declined') {
    if (result.mayTryAgain && triesLeft > 0) return payCheckout(db, account, publicId, choice, clock, triesLeft - 1)
    throw invalid('base', result.message)
  }
  if (result.status !== 'returned') return result
  const order = orderOf(await findCheckout(db, account.id, publicId))
  if (order) return { status: 'paid', order }
  throw conflict(`${result.reason}. The payment was given back`)
}

type Prepared = { order: OrderNumbers } | { provider: PaymentProvider; payment: PaymentRow }

async function preparePayment(
  tx: Tx,
  account: Account,
  publicId: string,
  choice: PaymentChoice,
  now: Date,
): Promise<Prepared> {
  const checkout = await lockCheckout(tx, account.id, publicId)
  if (!checkout) throw notFound()
  const order = orderOf(checkout)
  if (order) return { order }
  const { buyer } = checkout
  if (!buyer) throw invalid('buyer.email', "can't be blank")
  const provider = choice.providersFor(checkout.totalMinor).find((candidate) => candidate.name === choice.providerName)
  if (!provider) throw invalid('provider', 'is not included in the list')
  const tooMany = await findExceededLimit(tx, account.id, buyer.email, checkout.items)
  if (tooMany) throw invalid('base', tooMany)
  await refuseUsedUpCode(tx, account.id, checkout, buyer.email, now)
  if (!isHeld(checkout, now)) await takeAgain(tx, account, checkout, choice.holdMinutes, now)
  const payment = await insertPayment(tx, account.id, {
    provider: provider.name,
    idempotencyKey: paymentKey(checkout, provider.name),
    amountMinor: checkout.totalMinor,
    currency: account.currency,
    checkoutPublicId: publicId,
    request: { options: choice.options, purchase: purchaseOf(checkout, buyer.email, choice.shopUrl, now) },
    createdAt: now,
  })
  return { provider, payment }
}

async function refuseUsedUpCode(tx: Tx, accountId: number, checkout: CheckoutRow, email: string, now: Date) {
  const { id: checkoutId, eventId, promoCodeId } = checkout
  if (promoCodeId === null) return
  const exceeded = await findExceededUse(tx, accountId, promoCodeId, { eventId, checkoutId, email, now })
  if (exceeded) throw invalid('promo_code', exceeded)
}

/** Stripe keeps a page open for half an hour at least; five minutes more for clocks that differ. */
const pageSeconds = 35 * 60

function purchaseOf(checkout: CheckoutRow, email: string, shopUrl: string, now: Date) {
  const cancelUrl = `${shopUrl}/checkouts/${checkout.publicId}`
  return {
    name: checkout.publicId,
    description: checkout.eventTitle.slice(0, 200),
    email,
    locale: checkout.locale,
    returnUrl: `${cancelUrl}/return`,
    cancelUrl,
    expiresAt: Math.floor(now.getTime() / 1000) + pageSeconds,
  }
}

function orderOf(checkout: CheckoutRow | undefined): OrderNumbers | undefined {
  if (!checkout?.orderPublicId || !checkout.orderCode) return undefined
  return { publicId: checkout.orderPublicId, orderCode: checkout.orderCode }
}
