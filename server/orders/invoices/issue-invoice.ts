import type { Tx } from '../../platform/database.ts'
import type { LineRow } from '../queries.ts'
import { addTaxes, type InvoiceDocument, negated, splitOverTaxes, type TaxShare } from './invoice.ts'
import {
  findInvoiceFacts,
  type InvoiceFacts,
  type InvoiceRow,
  insertInvoice,
  listInvoices,
  listRefundsToInvoice,
  type NewInvoice,
} from './queries.ts'

/** Ways to pay whose money is taken here; what was sold elsewhere has its invoices there. */
const invoicedProviders = ['stripe', 'test']

/**
 * All that the invoice of an order that was just paid will say, but for its number; `insertInvoice` takes that as the last
 * thing that the transaction does, as every other payment of the account waits for it. Undefined for an order that has
 * no invoice: it was free, or sold elsewhere.
 */
export async function draftInvoice(
  tx: Tx,
  accountId: number,
  orderId: number,
  lines: LineRow[],
): Promise<NewInvoice | undefined> {
  const facts = await findInvoiceFacts(tx, accountId, orderId)
  if (!facts || facts.totalMinor === 0n || !invoicedProviders.includes(facts.paymentProvider)) return undefined
  const taxes = addTaxes(
    lines.map(({ taxRate, totalMinor, taxMinor }) => ({ rate: taxRate, grossMinor: totalMinor, taxMinor })),
  )
  return {
    orderId,
    refundId: null,
    kind: 'invoice',
    issuedAt: facts.paidAt,
    totalMinor: facts.totalMinor,
    timeZone: facts.timeZone,
    document: { ...factsOf(facts), about: null, lines: lines.map(writeLine), taxes: taxes.map(writeTaxes) },
  }
}

/**
 * Issues a cancellation for every refund of the order whose money has gone back since, and takes back those whose money
 * came back; an order without an invoice has none. Called last, in the transaction that noted the refunds, with the order
 * locked. Doing so twice is doing so once.
 */
export async function issueCancellations(tx: Tx, accountId: number, orderId: number, now: Date): Promise<void> {
  const refunds = await listRefundsToInvoice(tx, accountId, orderId)
  if (refunds.length === 0) return
  const facts = await findInvoiceFacts(tx, accountId, orderId)
  for (const refund of refunds) {
    const issued = await listInvoices(tx, accountId, orderId)
    const [invoice] = issued
    if (!facts || !invoice) return
    const cancelled = issued.find(({ refundId }) => refundId === refund.id)
    const taxes = cancelled
      ? negated(cancelled.document.taxes.map(readTaxes))
      : negated(splitOverTaxes(refund.amountMinor, leftOf(issued)))
    const { number, document } = cancelled ?? invoice
    await insertInvoice(tx, accountId, {
      orderId,
      refundId: refund.id,
      kind: cancelled ? 'invoice' : 'cancellation',
      issuedAt: refund.refundedAt ?? now,
      totalMinor: cancelled ? refund.amountMinor : -refund.amountMinor,
      timeZone: facts.timeZone,
      document: {
        ...factsOf(facts),
        buyer: invoice.document.buyer,
        event: invoice.document.event,
        about: { number, issuedOn: document.issuedOn },
        lines: [],
        taxes: taxes.map(writeTaxes),
      },
    })
  }
}

/** What of the order's invoice still stands, by rate. */
function leftOf(issued: InvoiceRow[]): TaxShare[] {
  return addTaxes(issued.flatMap(({ document }) => document.taxes.map(readTaxes)))
}

function factsOf(
  facts: InvoiceFacts,
): Pick<InvoiceDocument, 'locale' | 'currency' | 'orderCode' | 'organizer' | 'buyer' | 'event'> {
  return {
    locale: facts.locale,
    currency: facts.currency,
    orderCode: facts.orderCode,
    organizer: { name: facts.organizerName, imprint: facts.imprint, vatId: facts.vatId },
    buyer: { name: facts.buyerName, company: facts.buyerCompany, email: facts.buyerEmail },
    event: { title: facts.eventTitle, on: facts.eventOn, place: facts.eventPlace },
  }
}

function writeLine(line: LineRow): InvoiceDocument['lines'][number] {
  const { name, quantity, unitPriceMinor, discountMinor, totalMinor } = line
  return { name, quantity, unitPrice: `${unitPriceMinor}`, discount: `${discountMinor}`, total: `${totalMinor}` }
}

function writeTaxes({ rate, grossMinor, taxMinor }: TaxShare): InvoiceDocument['taxes'][number] {
  return { rate, gross: `${grossMinor}`, tax: `${taxMinor}` }
}

function readTaxes({ rate, gross, tax }: InvoiceDocument['taxes'][number]): TaxShare {
  return { rate, grossMinor: BigInt(gross), taxMinor: BigInt(tax) }
}
