import type Stripe from 'stripe'
import { type Bank, type DisputeRecord, newId } from './bank.ts'
import { changeCharge, findCharge } from './charges.ts'
import { emit } from './events.ts'
import { badState, missing } from './failure.ts'
import { choice, type Form, part, refuseUnknown, text } from './form.ts'
import { listParameters, page } from './lists.ts'

/** The buyer's bank takes the charge back, as much as was not refunded; undefined where nothing is left to take. */
export function openDispute(bank: Bank, chargeId: string, reason: string): Stripe.Dispute | undefined {
  const record = findCharge(bank, chargeId)
  const { charge } = record
  const amount = charge.amount_captured - charge.amount_refunded
  if (charge.disputed || amount === 0) return undefined
  changeCharge(bank, record, { disputed: true })
  const id = newId('du')
  const dispute: Stripe.Dispute = {
    id,
    object: 'dispute',
    ...emptyDispute,
    amount,
    charge: charge.id,
    created: bank.surroundings.now(),
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  }
  bank.disputes.put({ id, dispute, withdrawn: true })
  emit(bank, 'charge.dispute.created', dispute)
  emit(bank, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

export function retrieveDispute(bank: Bank, id: string, form: Form): Stripe.Dispute {
  refuseUnknown(form, [])
  return findDispute(bank, id).dispute
}

export function listDisputes(bank: Bank, form: Form): Stripe.ApiList<Stripe.Dispute> {
  refuseUnknown(form, [...listParameters, 'charge', 'payment_intent'])
  const charge = text(form, 'charge')
  const intent = text(form, 'payment_intent')
  const disputes = bank.disputes.all().map(({ dispute }) => dispute)
  const found = disputes.filter(
    (dispute) => (!charge || dispute.charge === charge) && (!intent || dispute.payment_intent === intent),
  )
  return page(found, form, '/v1/disputes')
}

/** Hands in evidence; as in Stripe's sandbox, `winning_evidence` and `losing_evidence` decide the case at once. */
export function updateDispute(bank: Bank, id: string, form: Form): Stripe.Dispute {
  refuseUnknown(form, ['evidence', 'submit', 'metadata'])
  const evidence = part(form, 'evidence')
  const words = evidence && text(evidence, 'uncategorized_text')
  const submits = choice(form, 'submit', ['true', 'false']) !== 'false'
  const record = refuseClosed(findDispute(bank, id))
  const status = submits ? 'under_review' : record.dispute.status
  const { dispute } = change(bank, record, {
    status,
    evidence: { ...record.dispute.evidence, uncategorized_text: words ?? null },
  })
  emit(bank, 'charge.dispute.updated', dispute)
  if (submits && words === 'winning_evidence') return decideDispute(bank, id, 'won')
  if (submits && words === 'losing_evidence') return decideDispute(bank, id, 'lost')
  return dispute
}

/** Accepts the loss. */
export function closeDispute(bank: Bank, id: string, form: Form): Stripe.Dispute {
  refuseUnknown(form, [])
  refuseClosed(findDispute(bank, id))
  return decideDispute(bank, id, 'lost')
}

/** The card network has decided: won gives the money back to the account, lost leaves it with the buyer. */
export function decideDispute(bank: Bank, id: string, outcome: 'won' | 'lost'): Stripe.Dispute {
  const record = refuseClosed(findDispute(bank, id))
  const { dispute } = change(bank, { ...record, withdrawn: outcome === 'lost' }, { status: outcome })
  if (outcome === 'won') emit(bank, 'charge.dispute.funds_reinstated', dispute)
  emit(bank, 'charge.dispute.closed', dispute)
  return dispute
}

function change(bank: Bank, record: DisputeRecord, changes: Partial<Stripe.Dispute>): DisputeRecord {
  return bank.disputes.put({ ...record, dispute: { ...record.dispute, ...changes } })
}

function refuseClosed(record: DisputeRecord): DisputeRecord {
  if (record.dispute.status !== 'won' && record.dispute.status !== 'lost') return record
  throw badState(`This dispute is already closed: ${record.dispute.status}`)
}

function findDispute(bank: Bank, id: string): DisputeRecord {
  const record = bank.disputes.get(id)
  if (!record) throw missing('dispute', id, 'dispute')
  return record
}

const emptyDispute = {
  balance_transactions: [],
  enhanced_eligibility_types: [],
  evidence: {
    ...{ access_activity_log: null, billing_address: null, cancellation_policy: null },
    ...{ cancellation_policy_disclosure: null, cancellation_rebuttal: null, customer_communication: null },
    ...{ customer_email_address: null, customer_name: null, customer_purchase_ip: null, customer_signature: null },
    ...{ duplicate_charge_documentation: null, duplicate_charge_explanation: null, duplicate_charge_id: null },
    ...{ enhanced_evidence: {}, product_description: null, receipt: null, refund_policy: null },
    ...{ refund_policy_disclosure: null, refund_refusal_explanation: null, service_date: null },
    ...{ service_documentation: null, shipping_address: null, shipping_carrier: null, shipping_date: null },
    ...{ shipping_documentation: null, shipping_tracking_number: null, uncategorized_file: null },
    uncategorized_text: null,
  },
  evidence_details: {
    ...{ due_by: null, enhanced_eligibility: {}, has_evidence: false, past_due: false, submission_count: 0 },
    submission_method: 'not_submitted',
  },
  intended_submission_method: 'manual',
  is_charge_refundable: false,
  livemode: false,
  metadata: {},
} satisfies Partial<Stripe.Dispute>
