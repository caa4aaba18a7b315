import type Stripe from 'stripe'
import { type Bank, type ChargeRecord, type IntentRecord, newId } from './bank.ts'
import type { Card } from './cards.ts'
import { missing } from './failure.ts'
import { type Form, refuseUnknown, text } from './form.ts'
import { listParameters, page } from './lists.ts'

export function retrieveCharge(bank: Bank, id: string, form: Form): Stripe.Charge {
  refuseUnknown(form, [])
  return findCharge(bank, id).charge
}

export function listCharges(bank: Bank, form: Form): Stripe.ApiList<Stripe.Charge> {
  refuseUnknown(form, [...listParameters, 'payment_intent'])
  const intent = text(form, 'payment_intent')
  const charges = bank.charges.all().map(({ charge }) => charge)
  return page(intent ? charges.filter((charge) => charge.payment_intent === intent) : charges, form, '/v1/charges')
}

export function findCharge(bank: Bank, id: string, param = 'id'): ChargeRecord {
  const record = bank.charges.get(id)
  if (!record) throw missing('charge', id, param)
  return record
}

/** The charge of an intent that went through or may yet; undefined before and after a decline. */
export function chargeOfIntent(bank: Bank, { intent }: IntentRecord): ChargeRecord | undefined {
  const record = typeof intent.latest_charge === 'string' ? bank.charges.get(intent.latest_charge) : undefined
  return record?.charge.status === 'failed' ? undefined : record
}

export function changeCharge(bank: Bank, record: ChargeRecord, changes: Partial<Stripe.Charge>): ChargeRecord {
  return bank.charges.put({ ...record, charge: { ...record.charge, ...changes } })
}

/** What the card's bank said to one attempt to take the intent's money. */
export function makeCharge(
  bank: Bank,
  intent: Stripe.PaymentIntent,
  card: Card,
  result: 'captured' | 'authorized' | 'pending' | 'declined',
): ChargeRecord {
  const id = newId('ch')
  const captured = result === 'captured'
  const charge: Stripe.Charge = {
    id,
    object: 'charge',
    ...emptyCharge,
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    billing_details: { address: null, email: intent.receipt_email, name: null, phone: null, tax_id: null },
    captured: captured || result === 'pending',
    created: bank.surroundings.now(),
    currency: intent.currency,
    description: intent.description,
    failure_code: result === 'declined' ? (card.declines?.code ?? null) : null,
    failure_message: result === 'declined' ? (card.declines?.message ?? null) : null,
    metadata: intent.metadata,
    outcome: outcomeOf(card, result),
    paid: captured || result === 'authorized',
    payment_intent: intent.id,
    payment_method: newId('pm'),
    payment_method_details: methodDetails(card),
    receipt_email: intent.receipt_email,
    status: result === 'declined' ? 'failed' : result === 'pending' ? 'pending' : 'succeeded',
  }
  return bank.charges.put({ id, charge, cardNumber: card.number })
}

function outcomeOf(card: Card, result: string): Stripe.Charge.Outcome {
  const declined = result === 'declined'
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: declined ? 'declined_by_network' : 'approved_by_network',
    reason: declined ? (card.declines?.declineCode ?? card.declines?.code ?? null) : null,
    risk_level: 'normal',
    seller_message: declined ? 'The bank did not return any further details.' : 'Payment complete.',
    type: declined ? 'issuer_declined' : 'authorized',
  }
}

function methodDetails(card: Card): Stripe.Charge.PaymentMethodDetails {
  const last4 = card.number.slice(-4)
  if (card.method === 'sepa_debit') {
    const nothing = { bank_code: null, branch_code: null, fingerprint: null, mandate: null }
    return { type: 'sepa_debit', sepa_debit: { ...nothing, country: card.number.slice(0, 2), last4 } }
  }
  return { type: 'card', card: { ...emptyCard, brand: card.brand, network: card.brand, last4 } }
}

const emptyCard: Stripe.Charge.PaymentMethodDetails.Card = {
  amount_authorized: null,
  authorization_code: null,
  brand: null,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: 'US',
  electronic_commerce_indicator: null,
  exp_month: 12,
  exp_year: 2034,
  funding: 'credit',
  installments: null,
  last4: null,
  mandate: null,
  network: null,
  network_transaction_id: null,
  regulated_status: 'unregulated',
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
}

const emptyCharge = {
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  calculated_statement_descriptor: null,
  customer: null,
  disputed: false,
  failure_balance_transaction: null,
  fraud_details: {},
  livemode: false,
  on_behalf_of: null,
  receipt_number: null,
  receipt_url: null,
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<Stripe.Charge>
