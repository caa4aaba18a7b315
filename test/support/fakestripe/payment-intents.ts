import type Stripe from 'stripe'
import { checkedCurrency, refuseTooSmallOrLarge, refuseUnpayable } from './amounts.ts'
import type { Bank, IntentRecord } from './bank.ts'
import { cardOf, numberOfPaymentMethod } from './cards.ts'
import { changeCharge, chargeOfIntent } from './charges.ts'
import { emit } from './events.ts'
import { badParameter, badState, cardDeclined, missing } from './failure.ts'
import {
  choice,
  type Form,
  flag,
  integer,
  metadata,
  refuseUnknown,
  requiredInteger,
  requiredText,
  text,
  texts,
} from './form.ts'
import { listParameters, page } from './lists.ts'
import { attemptPayment, captureIntent, changeIntent, openIntent } from './payments.ts'

const createParameters = [
  ...['amount', 'currency', 'metadata', 'description', 'receipt_email', 'capture_method', 'confirm', 'payment_method'],
  ...['payment_method_types', 'automatic_payment_methods', 'return_url', 'off_session', 'statement_descriptor_suffix'],
]

export function createIntent(bank: Bank, form: Form): Stripe.PaymentIntent {
  refuseUnknown(form, createParameters)
  const amount = requiredInteger(form, 'amount', 1)
  const currency = checkedCurrency(requiredText(form, 'currency'), 'currency')
  refuseUnpayable(amount, currency, 'amount')
  refuseTooSmallOrLarge(amount, currency, 'amount')
  const methods = texts(form, 'payment_method_types')
  const number = paymentNumber(form)
  const confirms = flag(form, 'confirm')
  const wanted = {
    ...{ amount, currency, metadata: metadata(form), description: text(form, 'description') ?? null },
    captureMethod: choice(form, 'capture_method', captureMethods) ?? 'automatic_async',
    receiptEmail: text(form, 'receipt_email') ?? null,
    sessionId: null,
    methods: methods.length > 0 ? methods : ['card'],
  }
  const record = openIntent(bank, wanted)
  if (confirms) return confirm(bank, record, number, text(form, 'return_url') ?? null)
  if (number === null) return record.intent
  return bank.intents.put({
    ...record,
    cardNumber: number,
    intent: { ...record.intent, status: 'requires_confirmation', payment_method: text(form, 'payment_method') ?? null },
  }).intent
}

export const captureMethods = ['automatic', 'automatic_async', 'manual'] as const

export function retrieveIntent(bank: Bank, id: string, form: Form): Stripe.PaymentIntent {
  refuseUnknown(form, ['client_secret'])
  return findIntent(bank, id).intent
}

export function listIntents(bank: Bank, form: Form): Stripe.ApiList<Stripe.PaymentIntent> {
  refuseUnknown(form, listParameters)
  const intents = bank.intents.all().map(({ intent }) => intent)
  return page(intents, form, '/v1/payment_intents')
}

export function confirmIntent(bank: Bank, id: string, form: Form): Stripe.PaymentIntent {
  refuseUnknown(form, ['payment_method', 'return_url', 'off_session'])
  const number = paymentNumber(form)
  const record = findIntent(bank, id)
  refuseInOpenSession(bank, record)
  const status = record.intent.status
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(status))
    throw unexpectedState('confirm', record.intent)
  return confirm(bank, record, number ?? record.cardNumber, text(form, 'return_url') ?? null)
}

function confirm(bank: Bank, record: IntentRecord, number: string | null, returnUrl: string | null) {
  if (number === null)
    throw badState(
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      'payment_intent_unexpected_state',
    )
  const { intent } = attemptPayment(bank, record, {
    card: cardOf(number),
    authenticated: false,
    authenticationUrl: `${bank.surroundings.origin()}/authenticate/${record.id}`,
    returnUrl,
  })
  if (intent.status === 'requires_payment_method') throw cardDeclined(intent)
  return intent
}

export function capture(bank: Bank, id: string, form: Form): Stripe.PaymentIntent {
  refuseUnknown(form, ['amount_to_capture', 'metadata'])
  const wanted = integer(form, 'amount_to_capture', 1)
  const record = findIntent(bank, id)
  if (record.intent.status !== 'requires_capture') throw unexpectedState('capture', record.intent)
  const amount = wanted ?? record.intent.amount_capturable
  if (amount > record.intent.amount_capturable)
    throw badParameter(
      'amount_to_capture',
      'The amount_to_capture is greater than amount_capturable.',
      'amount_too_large',
    )
  refuseUnpayable(amount, record.intent.currency, 'amount_to_capture')
  const session = record.sessionId ? bank.sessions.get(record.sessionId) : undefined
  if (session) bank.sessions.put({ ...session, session: { ...session.session, payment_status: 'paid' } })
  return captureIntent(bank, record, amount).intent
}

const cancellationReasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const

export function cancel(bank: Bank, id: string, form: Form): Stripe.PaymentIntent {
  refuseUnknown(form, ['cancellation_reason'])
  const reason = choice(form, 'cancellation_reason', cancellationReasons) ?? null
  const record = findIntent(bank, id)
  refuseInOpenSession(bank, record)
  if (['succeeded', 'canceled', 'processing'].includes(record.intent.status))
    throw unexpectedState('cancel', record.intent)
  return giveUp(bank, record, reason).intent
}

/** Lets go of what was authorized; nobody can pay the intent any more. */
export function giveUp(
  bank: Bank,
  record: IntentRecord,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): IntentRecord {
  const charge = chargeOfIntent(bank, record)
  if (charge) changeCharge(bank, charge, { refunded: true, amount_refunded: charge.charge.amount })
  const changes = { amount_capturable: 0, canceled_at: bank.surroundings.now(), cancellation_reason: reason }
  const canceled = changeIntent(bank, record, { ...changes, status: 'canceled', next_action: null })
  emit(bank, 'payment_intent.canceled', canceled.intent)
  return canceled
}

export function findIntent(bank: Bank, id: string, param = 'intent'): IntentRecord {
  const record = bank.intents.get(id)
  if (!record) throw missing('payment_intent', id, param)
  return record
}

function paymentNumber(form: Form): string | null {
  const method = text(form, 'payment_method')
  if (method === undefined) return null
  const number = numberOfPaymentMethod(method)
  if (!number) throw missing('PaymentMethod', method, 'payment_method')
  return number
}

function refuseInOpenSession(bank: Bank, { sessionId }: IntentRecord): void {
  if (sessionId === null || bank.sessions.get(sessionId)?.session.status !== 'open') return
  const message = 'This PaymentIntent belongs to an open Checkout Session. Expire the Checkout Session instead.'
  throw badState(message, 'payment_intent_unexpected_state')
}

function unexpectedState(act: string, intent: Stripe.PaymentIntent) {
  const message = `You cannot ${act} this PaymentIntent because it has a status of ${intent.status}.`
  return badState(message, 'payment_intent_unexpected_state')
}
