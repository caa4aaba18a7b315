import type Stripe from 'stripe'
import { type Bank, type IntentPlan, newId, type SessionRecord, schedule } from './bank.ts'
import { emit } from './events.ts'
import { badParameter, badState, missing } from './failure.ts'
import { choice, type Form, integer, metadata, part, refuseUnknown, requiredText, text, texts } from './form.ts'
import { listParameters, page } from './lists.ts'
import { captureMethods, giveUp } from './payment-intents.ts'
import { readLines } from './session-lines.ts'
import { emptySession } from './session-shape.ts'

const createParameters = [
  ...['mode', 'ui_mode', 'line_items', 'success_url', 'cancel_url', 'client_reference_id', 'customer_email', 'locale'],
  ...['expires_at', 'metadata', 'payment_intent_data', 'payment_method_types', 'submit_type'],
  'allowed_payment_method_types',
]
const halfHour = 30 * 60
const day = 24 * 60 * 60
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** A page where someone can pay for what is listed, until it is paid, is ended or runs out. */
export function createSession(bank: Bank, form: Form): Stripe.Checkout.Session {
  refuseUnknown(form, createParameters)
  refuseOtherModes(form)
  const lines = readLines(form)
  const now = bank.surroundings.now()
  const expiresAt = readExpiry(form, now)
  const methods = texts(form, 'payment_method_types')
  const allowed = texts(form, 'allowed_payment_method_types')
  const offered = methods.length > 0 ? methods : lines.currency === 'eur' ? ['card', 'sepa_debit'] : ['card']
  const email = text(form, 'customer_email') ?? null
  if (email !== null && !address.test(email))
    throw badParameter('customer_email', `Invalid email address: ${email}`, 'email_invalid')
  const id = newId('cs_test')
  const session: Stripe.Checkout.Session = {
    id,
    object: 'checkout.session',
    ...emptySession,
    amount_subtotal: lines.total,
    amount_total: lines.total,
    cancel_url: readUrl(form, 'cancel_url') ?? null,
    client_reference_id: text(form, 'client_reference_id', 200) ?? null,
    created: now,
    currency: lines.currency,
    customer_email: email,
    expires_at: expiresAt,
    locale: text(form, 'locale') ?? null,
    metadata: metadata(form),
    allowed_payment_method_types: allowed.length > 0 ? allowed : null,
    payment_method_types: offered.filter((method) => allowed.length === 0 || allowed.includes(method)),
    payment_status: lines.total === 0 ? 'no_payment_required' : 'unpaid',
    submit_type: text(form, 'submit_type') ?? null,
    success_url: readUrl(form, 'success_url') ?? requiredText(form, 'success_url'),
    url: `${bank.surroundings.origin()}/c/pay/${id}`,
  }
  const record = { id, session, lineItems: lines.items, intentId: null, intentPlan: readIntentPlan(form) }
  schedule(bank, expiresAt - now, { kind: 'expire_session', subjectId: id, outcome: null })
  return bank.sessions.put(record).session
}

export function retrieveSession(bank: Bank, id: string, form: Form): Stripe.Checkout.Session {
  refuseUnknown(form, [])
  return findSession(bank, id).session
}

export function listSessions(bank: Bank, form: Form): Stripe.ApiList<Stripe.Checkout.Session> {
  refuseUnknown(form, [...listParameters, 'payment_intent', 'status'])
  const intent = text(form, 'payment_intent')
  const status = choice(form, 'status', ['open', 'complete', 'expired'])
  const sessions = bank.sessions.all().map(({ session }) => session)
  const found = sessions.filter(
    (session) => (!intent || session.payment_intent === intent) && (!status || session.status === status),
  )
  return page(found, form, '/v1/checkout/sessions')
}

/** Ends the session: from now on nobody can pay on its page. Throws 400 where it is complete or ended already. */
export function expireSession(bank: Bank, id: string, form: Form): Stripe.Checkout.Session {
  refuseUnknown(form, [])
  const record = findSession(bank, id)
  if (record.session.status === 'open') return endSession(bank, record).session
  throw badState(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${record.session.status}\`.`,
  )
}

export function endSession(bank: Bank, record: SessionRecord): SessionRecord {
  const intent = record.intentId ? bank.intents.get(record.intentId) : undefined
  if (intent) giveUp(bank, intent, 'expired')
  const ended = bank.sessions.put({ ...record, session: { ...record.session, status: 'expired', url: null } })
  emit(bank, 'checkout.session.expired', ended.session)
  return ended
}

export function findSession(bank: Bank, id: string): SessionRecord {
  const record = bank.sessions.get(id)
  if (!record) throw missing('checkout.session', id, 'session')
  return record
}

function refuseOtherModes(form: Form): void {
  if (choice(form, 'mode', ['payment', 'setup', 'subscription']) !== 'payment')
    throw badParameter('mode', 'This double knows only mode: payment')
  if (
    (choice(form, 'ui_mode', ['hosted_page', 'embedded_page', 'elements', 'form']) ?? 'hosted_page') !== 'hosted_page'
  )
    throw badParameter('ui_mode', 'This double knows only ui_mode: hosted_page')
}

function readExpiry(form: Form, now: number): number {
  const wanted = integer(form, 'expires_at')
  if (wanted === undefined) return now + day
  if (wanted < now + halfHour)
    throw badParameter(
      'expires_at',
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
    )
  if (wanted > now + day)
    throw badParameter(
      'expires_at',
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
    )
  return wanted
}

function readUrl(form: Form, key: string): string | undefined {
  const url = text(form, key)
  if (url === undefined || /^https?:\/\//.test(url)) return url
  throw badParameter(key, 'Not a valid URL', 'url_invalid')
}

function readIntentPlan(form: Form): IntentPlan {
  const plan = part(form, 'payment_intent_data')
  if (!plan) return { captureMethod: 'automatic_async', metadata: {}, description: null, receiptEmail: null }
  refuseUnknown(plan, ['capture_method', 'metadata', 'description', 'receipt_email', 'statement_descriptor_suffix'])
  return {
    captureMethod: choice(plan, 'capture_method', captureMethods) ?? 'automatic_async',
    metadata: metadata(plan),
    description: text(plan, 'description') ?? null,
    receiptEmail: text(plan, 'receipt_email') ?? null,
  }
}
