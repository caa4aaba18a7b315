import type { Account } from '../accounts/account.ts'
import type { ChargeOutcome, PaymentProvider, Taken } from '../payments/provider.ts'
import { findPayment, type PaymentRow, updatePayment, updatePaymentSession } from '../payments/queries.ts'
import { returnMoney } from '../payments/return-money.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict, Refusal } from '../platform/refusal.ts'
import type { Clock } from '../platform/time.ts'
import { type CheckoutRow, lockCheckout, updateNextAttempt } from './queries.ts'
import { type OrderNumbers, settleCheckout } from './settle-checkout.ts'
import { tellOfMoneyBack } from './tell-of-money-back.ts'

export type PaymentResult =
  | { status: 'paid'; order: OrderNumbers }
  | { status: 'pending' }
  | { status: 'requires_action'; redirectUrl: string }

/** `returned`: the money came, but the places were gone; it goes back by itself. */
export type Conclusion =
  | PaymentResult
  | Extract<ChargeOutcome, { status: 'declined' }>
  | { status: 'returned'; reason: string }

export interface Answered {
  provider: PaymentProvider
  payment: PaymentRow
  outcome: ChargeOutcome
}

/**
 * The same for everyone who pays for this checkout that way now; another one after a payment was declined or went back.
 */
export function paymentKey(checkout: CheckoutRow, providerName: string): string {
  return `checkout:${checkout.publicId}:${checkout.paymentAttempt}:${providerName}`
}

/** What has become of the payment: asked for the first time, or again with the request that was written down. */
export async function askProvider(
  provider: PaymentProvider,
  payment: PaymentRow,
  options: Record<string, unknown> | undefined,
): Promise<ChargeOutcome> {
  if (payment.sessionReference !== null) return provider.find(payment.sessionReference)
  const { idempotencyKey, amountMinor, currency, request } = payment
  if (!request) return { status: 'declined', message: 'The payment was never asked for' }
  const { purchase } = request
  return provider.charge({ idempotencyKey, amountMinor, currency, options: options ?? request.options, purchase })
}

/**
 * Does what follows from the provider's answer, whoever asked: a buyer, a notice, the way back, or the reconciler. Any
 * number of them at once end in the same state.
 */
export async function concludePayment(
  db: Pool,
  account: Account,
  { provider, payment, outcome }: Answered,
  clock: Clock,
): Promise<Conclusion> {
  switch (outcome.status) {
    case 'declined':
      await transaction(db, (tx) => noteDeclined(tx, account.id, payment))
      return outcome
    case 'requires_action':
      await updatePaymentSession(db, account.id, payment.id, outcome.reference)
      return { status: 'requires_action', redirectUrl: outcome.redirectUrl }
    case 'pending':
      await updatePaymentSession(db, account.id, payment.id, outcome.reference)
      await updatePayment(db, account.id, payment.id, { ...outcome, from: ['started'] })
      return { status: 'pending' }
    case 'succeeded':
      return settleOrReturn(db, account, { provider, payment, outcome }, clock)
  }
}

const otherAmount = 'The payment took another amount than it was asked for'

async function settleOrReturn(
  db: Pool,
  account: Account,
  { provider, outcome, ...asked }: Succeeded,
  clock: Clock,
): Promise<Conclusion> {
  const payment = { ...asked.payment, reference: outcome.reference }
  for (;;) {
    try {
      if (!isAsAsked(payment, outcome.taken)) throw conflict(otherAmount)
      const order = await settleCheckout(db, account, payment.checkoutPublicId ?? '', payment, clock())
      return { status: 'paid', order }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const going = await transaction(db, (tx) => noteReturning(tx, account.id, payment, error.message, clock()))
      // Another one, who found the places free, has settled it in between.
      if (going?.status === 'succeeded') continue
      await returnMoney(db, account.id, provider, payment)
      return { status: 'returned', reason: going?.returnReason ?? error.message }
    }
  }
}

type Succeeded = Answered & { outcome: Extract<ChargeOutcome, { status: 'succeeded' }> }

function isAsAsked({ amountMinor, currency }: PaymentRow, taken: Taken | undefined): boolean {
  return !taken || (taken.amountMinor === amountMinor && taken.currency === currency)
}

/** From here on the money can only go back: nobody turns it into an order any more. */
async function noteReturning(
  tx: Tx,
  accountId: number,
  payment: PaymentRow & { reference: string },
  returnReason: string,
  now: Date,
): Promise<PaymentRow | undefined> {
  const { reference } = payment
  const from: PaymentRow['status'][] = ['started', 'pending', 'declined']
  await nextAttempt(tx, accountId, payment)
  const isNews = await updatePayment(tx, accountId, payment.id, { status: 'returning', from, reference, returnReason })
  if (isNews) await tellOfMoneyBack(tx, accountId, payment, returnReason, now)
  return findPayment(tx, accountId, payment.id)
}

async function noteDeclined(tx: Tx, accountId: number, payment: PaymentRow): Promise<void> {
  await nextAttempt(tx, accountId, payment)
  await updatePayment(tx, accountId, payment.id, { status: 'declined', from: ['started', 'pending'] })
}

/** Whoever pays after this one pays under another key. */
async function nextAttempt(tx: Tx, accountId: number, payment: PaymentRow): Promise<void> {
  const checkout = await lockCheckout(tx, accountId, payment.checkoutPublicId ?? '')
  if (!checkout || checkout.status === 'paid' || paymentKey(checkout, payment.provider) !== payment.idempotencyKey)
    return
  await updateNextAttempt(tx, accountId, checkout.id)
}
