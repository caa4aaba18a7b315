import type { Bank, ChargeRecord } from './bank.ts'

/** Money that came in, and which purchase it was for. */
export interface Capture {
  account: string
  charge: string
  paymentIntent: string
  session: string | null
  clientReferenceId: string | null
  /** The session's notes and the payment's, the payment's first. */
  metadata: Record<string, string>
  amount: number
  currency: string
  /** What went back or is on its way. */
  refunded: number
  at: number
}

export interface LedgerRefund {
  account: string
  refund: string
  charge: string
  paymentIntent: string
  session: string | null
  amount: number
  currency: string
  status: string
  metadata: Record<string, string>
}

export interface LedgerDispute {
  account: string
  dispute: string
  charge: string
  paymentIntent: string
  session: string | null
  amount: number
  currency: string
  status: string
  /** Whether the money is with the buyer's bank now. */
  withdrawn: boolean
}

/** In Stripe's own minor units of the currency. `net` is captured less refunded and withdrawn; pending is not yet gone. */
export interface Total {
  captured: number
  refunded: number
  pending: number
  withdrawn: number
  net: number
}

/** What the bank believes. */
export interface Ledger {
  captures: Capture[]
  refunds: LedgerRefund[]
  disputes: LedgerDispute[]
  totals: Record<string, Total>
}

export function readLedger(banks: Bank[]): Ledger {
  const captures = banks.flatMap(capturesOf)
  const refunds = banks.flatMap(refundsOf)
  const disputes = banks.flatMap(disputesOf)
  return { captures, refunds, disputes, totals: totalsOf(captures, refunds, disputes) }
}

function capturesOf(bank: Bank): Capture[] {
  const captured = bank.charges.all().filter(({ charge }) => charge.status === 'succeeded' && charge.captured)
  return captured.map((record) => {
    const { charge } = record
    const { paymentIntent, session } = purchaseOf(bank, record)
    const paid = session ? bank.sessions.get(session)?.session : undefined
    return {
      ...{ account: bank.account, charge: charge.id, paymentIntent, session },
      clientReferenceId: paid?.client_reference_id ?? null,
      metadata: { ...paid?.metadata, ...charge.metadata },
      ...{ amount: charge.amount_captured, currency: charge.currency, refunded: charge.amount_refunded },
      at: charge.created,
    }
  })
}

function refundsOf(bank: Bank): LedgerRefund[] {
  return bank.refunds.all().map(({ refund }) => ({
    ...{ account: bank.account, refund: refund.id, charge: String(refund.charge) },
    ...purchaseOf(bank, bank.charges.get(String(refund.charge))),
    ...{ amount: refund.amount, currency: refund.currency, status: refund.status ?? '' },
    metadata: refund.metadata ?? {},
  }))
}

function disputesOf(bank: Bank): LedgerDispute[] {
  return bank.disputes.all().map(({ dispute, withdrawn }) => ({
    ...{ account: bank.account, dispute: dispute.id, charge: String(dispute.charge) },
    ...purchaseOf(bank, bank.charges.get(String(dispute.charge))),
    ...{ amount: dispute.amount, currency: dispute.currency, status: String(dispute.status), withdrawn },
  }))
}

function purchaseOf(bank: Bank, record: ChargeRecord | undefined) {
  const paymentIntent = String(record?.charge.payment_intent)
  return { paymentIntent, session: bank.intents.get(paymentIntent)?.sessionId ?? null }
}

function totalsOf(captures: Capture[], refunds: LedgerRefund[], disputes: LedgerDispute[]): Record<string, Total> {
  const totals: Record<string, Total> = {}
  const add = (currency: string, field: keyof Total, amount: number) => {
    totals[currency] ??= { captured: 0, refunded: 0, pending: 0, withdrawn: 0, net: 0 }
    totals[currency][field] += amount
    if (field !== 'pending') totals[currency].net += field === 'captured' ? amount : -amount
  }
  for (const { currency, amount } of captures) add(currency, 'captured', amount)
  for (const { currency, amount, status } of refunds)
    if (status !== 'failed') add(currency, status === 'pending' ? 'pending' : 'refunded', amount)
  for (const { currency, amount, withdrawn } of disputes) if (withdrawn) add(currency, 'withdrawn', amount)
  return totals
}
