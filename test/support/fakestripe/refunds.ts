import type Stripe from 'stripe'
import { refuseUnpayable, written } from './amounts.ts'
import { type Bank, type ChargeRecord, newId, type RefundRecord, schedule } from './bank.ts'
import { cardOf, type RefundFate } from './cards.ts'
import { changeCharge, chargeOfIntent, findCharge } from './charges.ts'
import { emit } from './events.ts'
import { badParameter, badState, missing } from './failure.ts'
import { choice, type Form, integer, metadata, refuseUnknown, text } from './form.ts'
import { listParameters, page } from './lists.ts'
import { findIntent } from './payment-intents.ts'

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

/** Gives back the charge, or `amount` of it; what is pending counts as given back. */
export function createRefund(bank: Bank, form: Form): Stripe.Refund {
  refuseUnknown(form, ['charge', 'payment_intent', 'amount', 'reason', 'metadata'])
  const wanted = integer(form, 'amount', 1)
  const reason = choice(form, 'reason', reasons) ?? null
  const notes = metadata(form)
  const record = refundableCharge(bank, form)
  const { charge } = record
  const left = charge.amount_captured - charge.amount_refunded
  if (charge.disputed)
    throw badState(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed')
  if (left === 0) throw badState(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded')
  const amount = wanted ?? left
  if (amount > left)
    throw badState(
      `Refund amount (${written(amount, charge.currency)}) is greater than unrefunded amount on charge (${written(left, charge.currency)})`,
      undefined,
      'amount',
    )
  refuseUnpayable(amount, charge.currency, 'amount')
  return giveBack(bank, record, { amount, reason, metadata: notes })
}

export function retrieveRefund(bank: Bank, id: string, form: Form): Stripe.Refund {
  refuseUnknown(form, [])
  return findRefund(bank, id).refund
}

export function listRefunds(bank: Bank, form: Form): Stripe.ApiList<Stripe.Refund> {
  refuseUnknown(form, [...listParameters, 'charge', 'payment_intent'])
  const charge = text(form, 'charge')
  const intent = text(form, 'payment_intent')
  const refunds = bank.refunds.all().map(({ refund }) => refund)
  const found = refunds.filter(
    (refund) => (!charge || refund.charge === charge) && (!intent || refund.payment_intent === intent),
  )
  return page(found, form, '/v1/refunds')
}

/** The buyer's bank took the refund or sent it back. A refund that failed before stays failed. */
export function decideRefund(bank: Bank, id: string, outcome: 'succeeded' | 'failed'): Stripe.Refund {
  const record = findRefund(bank, id)
  if (record.refund.status === 'failed' || record.refund.status === outcome) return record.refund
  if (outcome === 'succeeded') {
    const { refund } = bank.refunds.put({ ...record, refund: { ...record.refund, status: 'succeeded' } })
    emit(bank, 'refund.updated', refund)
    return refund
  }
  const failure = { status: 'failed', failure_reason: 'expired_or_canceled_card' }
  const { refund } = bank.refunds.put({ ...record, refund: { ...record.refund, ...failure } })
  const charge = findCharge(bank, String(refund.charge))
  changeCharge(bank, charge, { amount_refunded: charge.charge.amount_refunded - refund.amount, refunded: false })
  emit(bank, 'refund.failed', refund)
  return refund
}

function giveBack(
  bank: Bank,
  record: ChargeRecord,
  wanted: { amount: number; reason: string | null; metadata: Record<string, string> },
): Stripe.Refund {
  const { charge } = record
  const fate = bank.surroundings.refundFates.shift() ?? cardOf(record.cardNumber).refund
  const id = newId('re')
  const refund: Stripe.Refund = {
    id,
    object: 'refund',
    ...emptyRefund,
    ...wanted,
    charge: charge.id,
    created: bank.surroundings.now(),
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    status: fate.startsWith('pending') ? 'pending' : 'succeeded',
  }
  bank.refunds.put({ id, refund })
  const refunded = charge.amount_refunded + wanted.amount
  const changes = { amount_refunded: refunded, refunded: refunded === charge.amount_captured }
  emit(bank, 'charge.refunded', changeCharge(bank, record, changes).charge)
  emit(bank, 'refund.created', refund)
  scheduleFate(bank, id, fate)
  return refund
}

function scheduleFate(bank: Bank, id: string, fate: RefundFate): void {
  const outcome = fate.endsWith('then_failed') ? 'failed' : fate.endsWith('then_succeeded') ? 'succeeded' : null
  if (outcome) schedule(bank, bank.surroundings.laterSeconds, { kind: 'decide_refund', subjectId: id, outcome })
}

function refundableCharge(bank: Bank, form: Form): ChargeRecord {
  const chargeId = text(form, 'charge')
  const intentId = text(form, 'payment_intent')
  const param = chargeId ? 'charge' : 'payment_intent'
  if (!chargeId && !intentId)
    throw badParameter(
      param,
      'One of the following params should be provided for this request: payment_intent or charge.',
      'parameter_missing',
    )
  const record = chargeId
    ? findCharge(bank, chargeId, param)
    : chargeOfIntent(bank, findIntent(bank, intentId ?? '', param))
  if (record?.charge.status === 'succeeded' && record.charge.captured) return record
  throw badState(`This ${param} does not have a successful charge to refund.`, 'charge_not_refundable', param)
}

function findRefund(bank: Bank, id: string): RefundRecord {
  const record = bank.refunds.get(id)
  if (!record) throw missing('refund', id)
  return record
}

const emptyRefund = {
  balance_transaction: null,
  customer: null,
  customer_account: null,
  receipt_number: null,
  source_transfer_reversal: null,
  transfer_reversal: null,
} satisfies Partial<Stripe.Refund>
