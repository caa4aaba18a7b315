import type Stripe from 'stripe'
import type { Bank, IntentRecord, SessionRecord } from './bank.ts'
import { type Card, cardOf } from './cards.ts'
import { emit } from './events.ts'
import { attemptPayment, openIntent, refusePayment, settlePayment } from './payments.ts'

/** What the pay page shows after the buyer pressed its button. */
export type PayOutcome =
  | { outcome: 'complete'; redirectUrl: string }
  | { outcome: 'requires_action'; authenticationUrl: string }
  | { outcome: 'declined'; message: string }
  /** The session was paid or ended before. */
  | { outcome: 'closed'; status: 'complete' | 'expired' }

export interface Buyer {
  email?: string
  name?: string
}

/** Pays an open session with the number of a card or account, as a buyer does on the page. */
export function payOnPage(bank: Bank, record: SessionRecord, cardNumber: string, buyer: Buyer): PayOutcome {
  const closed = closedOutcome(record.session)
  if (closed) return closed
  const named = noteBuyer(bank, record, buyer)
  if (named.session.amount_total === 0) return complete(bank, named, null)
  const card = cardOf(cardNumber)
  if (!named.session.payment_method_types.includes(card.method))
    return { outcome: 'declined', message: 'This payment method is not available here.' }
  const intent = intentOf(bank, named)
  return conclude(bank, named, tryCard(bank, { ...named, intentId: intent.id }, intent, card, false))
}

/** The buyer's own bank has asked the buyer, who confirmed it or not. */
export function answerAuthentication(bank: Bank, record: SessionRecord, confirmed: boolean): PayOutcome {
  const closed = closedOutcome(record.session)
  if (closed) return closed
  const intent = bank.intents.get(record.intentId ?? '')
  if (intent?.intent.status !== 'requires_action')
    return { outcome: 'declined', message: 'There is nothing to confirm.' }
  if (confirmed) return conclude(bank, record, tryCard(bank, record, intent, cardOf(intent.cardNumber ?? ''), true))
  const message =
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.'
  const error = { type: 'invalid_request_error', code: 'payment_intent_authentication_failure', message } as const
  return conclude(bank, record, refusePayment(bank, intent, undefined, error))
}

/** What a method that takes days came to, for the intent and for its session. */
export function settleLater(bank: Bank, intentId: string, outcome: 'succeeded' | 'failed'): void {
  const processing = bank.intents.get(intentId)
  if (processing?.intent.status !== 'processing') return
  settlePayment(bank, processing, outcome)
  const record = bank.sessions.get(processing.sessionId ?? '')
  if (!record) return
  if (outcome === 'failed') {
    emit(bank, 'checkout.session.async_payment_failed', record.session)
    return
  }
  const { session } = bank.sessions.put({ ...record, session: { ...record.session, payment_status: 'paid' } })
  emit(bank, 'checkout.session.async_payment_succeeded', session)
}

/** Where the buyer confirms a payment of this session with the buyer's bank. */
export function authenticationUrl(bank: Bank, sessionId: string): string {
  return `${bank.surroundings.origin()}/c/pay/${sessionId}/authenticate`
}

/** The buyer's way back to the shop, with the session's id where the shop wanted it. */
export function wayBack(session: Stripe.Checkout.Session, url: string | null): string {
  return (url ?? 'about:blank').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function intentOf(bank: Bank, record: SessionRecord): IntentRecord {
  const known = record.intentId ? bank.intents.get(record.intentId) : undefined
  if (known) return known
  const { session } = record
  const intent = openIntent(bank, {
    ...record.intentPlan,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? '',
    sessionId: record.id,
    methods: session.payment_method_types,
  })
  bank.sessions.put({ ...record, intentId: intent.id })
  return intent
}

function tryCard(bank: Bank, record: SessionRecord, intent: IntentRecord, card: Card, authenticated: boolean) {
  const returnUrl = wayBack(record.session, record.session.success_url)
  return attemptPayment(bank, intent, {
    ...{ card, authenticated, returnUrl },
    authenticationUrl: authenticationUrl(bank, record.id),
  })
}

function conclude(bank: Bank, record: SessionRecord, { intent }: IntentRecord): PayOutcome {
  if (intent.status === 'requires_action')
    return { outcome: 'requires_action', authenticationUrl: authenticationUrl(bank, record.id) }
  if (intent.status === 'requires_payment_method')
    return { outcome: 'declined', message: intent.last_payment_error?.message ?? 'Your card was declined.' }
  return complete(bank, record, intent)
}

function complete(bank: Bank, record: SessionRecord, intent: Stripe.PaymentIntent | null): PayOutcome {
  const paid = intent?.status === 'succeeded' ? 'paid' : record.session.payment_status
  const { session } = bank.sessions.put({
    ...record,
    intentId: intent?.id ?? null,
    session: {
      ...record.session,
      ...{ payment_intent: intent?.id ?? null, payment_status: paid, status: 'complete', url: null },
    },
  })
  emit(bank, 'checkout.session.completed', session)
  return { outcome: 'complete', redirectUrl: wayBack(session, session.success_url) }
}

function noteBuyer(bank: Bank, record: SessionRecord, buyer: Buyer): SessionRecord {
  const customerDetails = {
    ...{ address: null, business_name: null, individual_name: null, phone: null, tax_exempt: 'none', tax_ids: [] },
    email: record.session.customer_email ?? buyer.email ?? null,
    name: buyer.name ?? null,
  }
  return bank.sessions.put({ ...record, session: { ...record.session, customer_details: customerDetails } })
}

function closedOutcome({ status }: Stripe.Checkout.Session): PayOutcome | undefined {
  if (status === 'open') return undefined
  return { outcome: 'closed', status: status === 'complete' ? 'complete' : 'expired' }
}
