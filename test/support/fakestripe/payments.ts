import type Stripe from 'stripe'
import { type Bank, type IntentPlan, type IntentRecord, newId, schedule } from './bank.ts'
import { type Card, cardOf } from './cards.ts'
import { changeCharge, chargeOfIntent, makeCharge } from './charges.ts'
import { emit } from './events.ts'

export interface NewIntent extends IntentPlan {
  amount: number
  currency: string
  sessionId: string | null
  methods: string[]
}

/** An intent that waits for someone to pay it. */
export function openIntent(bank: Bank, wanted: NewIntent): IntentRecord {
  const id = newId('pi')
  const intent: Stripe.PaymentIntent = {
    id,
    object: 'payment_intent',
    ...emptyIntent,
    amount: wanted.amount,
    capture_method: wanted.captureMethod,
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    created: bank.surroundings.now(),
    currency: wanted.currency,
    description: wanted.description,
    metadata: wanted.metadata,
    payment_method_types: wanted.methods,
    receipt_email: wanted.receiptEmail,
  }
  emit(bank, 'payment_intent.created', intent)
  return bank.intents.put({ id, intent, sessionId: wanted.sessionId, cardNumber: null })
}

export function changeIntent(bank: Bank, record: IntentRecord, changes: Partial<Stripe.PaymentIntent>): IntentRecord {
  return bank.intents.put({ ...record, intent: { ...record.intent, ...changes } })
}

export interface Attempt {
  card: Card
  /** Whether the buyer has already confirmed it with the buyer's bank. */
  authenticated: boolean
  /** Where the buyer would confirm it, and where to go from there. */
  authenticationUrl: string
  returnUrl: string | null
}

/** Tries to take the money; the intent's status says what became of it. */
export function attemptPayment(bank: Bank, record: IntentRecord, attempt: Attempt): IntentRecord {
  const { card } = attempt
  const started = bank.intents.put({ ...record, cardNumber: card.number })
  if (card.authenticates && !attempt.authenticated) return askBuyer(bank, started, attempt)
  if (card.declines) return decline(bank, started, card)
  if (card.settles) return beginSettling(bank, started, card, card.settles)
  if (started.intent.capture_method === 'manual') return authorize(bank, started, card)
  return takeMoney(bank, started, card)
}

function askBuyer(bank: Bank, record: IntentRecord, attempt: Attempt): IntentRecord {
  const asked = changeIntent(bank, record, {
    status: 'requires_action',
    last_payment_error: null,
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: attempt.authenticationUrl, return_url: attempt.returnUrl },
    },
  })
  emit(bank, 'payment_intent.requires_action', asked.intent)
  return asked
}

function decline(bank: Bank, record: IntentRecord, card: Card): IntentRecord {
  const { charge } = makeCharge(bank, record.intent, card, 'declined')
  emit(bank, 'charge.failed', charge)
  return refusePayment(bank, record, charge.id, {
    type: 'card_error',
    code: card.declines?.code,
    decline_code: card.declines?.declineCode,
    message: card.declines?.message,
  })
}

/** The intent needs another means of payment. */
export function refusePayment(
  bank: Bank,
  record: IntentRecord,
  chargeId: string | undefined,
  error: Stripe.PaymentIntent.LastPaymentError,
): IntentRecord {
  const refused = changeIntent(bank, record, {
    status: 'requires_payment_method',
    latest_charge: chargeId ?? record.intent.latest_charge,
    last_payment_error: { ...error, charge: chargeId },
    next_action: null,
    payment_method: null,
  })
  emit(bank, 'payment_intent.payment_failed', refused.intent)
  return refused
}

function beginSettling(bank: Bank, record: IntentRecord, card: Card, outcome: 'succeeded' | 'failed'): IntentRecord {
  const { charge } = makeCharge(bank, record.intent, card, 'pending')
  emit(bank, 'charge.pending', charge)
  const processing = changeIntent(bank, record, { ...paidWith(charge), status: 'processing' })
  emit(bank, 'payment_intent.processing', processing.intent)
  schedule(bank, bank.surroundings.laterSeconds, { kind: 'settle_payment', subjectId: record.id, outcome })
  return processing
}

function authorize(bank: Bank, record: IntentRecord, card: Card): IntentRecord {
  const { charge } = makeCharge(bank, record.intent, card, 'authorized')
  emit(bank, 'charge.succeeded', charge)
  const changes = { status: 'requires_capture' as const, amount_capturable: record.intent.amount }
  const authorized = changeIntent(bank, record, { ...paidWith(charge), ...changes })
  emit(bank, 'payment_intent.amount_capturable_updated', authorized.intent)
  return authorized
}

function takeMoney(bank: Bank, record: IntentRecord, card: Card): IntentRecord {
  const { charge } = makeCharge(bank, record.intent, card, 'captured')
  emit(bank, 'charge.succeeded', charge)
  return succeed(bank, record, charge)
}

/** The money is there: the intent says so, and the card's dispute, if it brings one, is on its way. */
function succeed(bank: Bank, record: IntentRecord, charge: Stripe.Charge): IntentRecord {
  const changes = { status: 'succeeded' as const, amount_capturable: 0, amount_received: charge.amount_captured }
  const paid = changeIntent(bank, record, { ...paidWith(charge), ...changes })
  emit(bank, 'payment_intent.succeeded', paid.intent)
  const { dispute } = cardOf(record.cardNumber ?? '')
  if (dispute)
    schedule(bank, bank.surroundings.laterSeconds, { kind: 'open_dispute', subjectId: charge.id, outcome: dispute })
  return paid
}

/** Takes what was authorized, or a part of it; the rest is let go. */
export function captureIntent(bank: Bank, record: IntentRecord, amount: number): IntentRecord {
  const authorized = chargeOfIntent(bank, record)
  if (!authorized) throw new Error(`${record.id} has nothing to capture`)
  const { charge } = changeCharge(bank, authorized, { captured: true, amount_captured: amount })
  emit(bank, 'charge.captured', charge)
  return succeed(bank, record, charge)
}

/** What a method that takes days came to. */
export function settlePayment(bank: Bank, record: IntentRecord, outcome: 'succeeded' | 'failed'): IntentRecord {
  const pending = chargeOfIntent(bank, record)
  if (!pending) throw new Error(`${record.id} has nothing to settle`)
  if (outcome === 'succeeded') {
    const changes = { status: 'succeeded' as const, paid: true, amount_captured: pending.charge.amount }
    const { charge } = changeCharge(bank, pending, changes)
    emit(bank, 'charge.succeeded', charge)
    return succeed(bank, record, charge)
  }
  const message = "The customer's account has insufficient funds."
  const failure = {
    status: 'failed' as const,
    captured: false,
    failure_code: 'insufficient_funds',
    failure_message: message,
  }
  const { charge } = changeCharge(bank, pending, failure)
  emit(bank, 'charge.failed', charge)
  return refusePayment(bank, record, charge.id, {
    type: 'card_error',
    code: 'payment_intent_payment_attempt_failed',
    message,
  })
}

function paidWith(charge: Stripe.Charge): Partial<Stripe.PaymentIntent> {
  const method = { latest_charge: charge.id, payment_method: charge.payment_method }
  return { ...method, last_payment_error: null, next_action: null }
}

const emptyIntent = {
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  confirmation_method: 'automatic',
  customer: null,
  customer_account: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_record: null,
  processing: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<Stripe.PaymentIntent>
