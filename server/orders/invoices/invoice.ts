import { splitProportionally } from '../../platform/money.ts'

export type InvoiceKind = 'invoice' | 'cancellation'

/** What of an amount stands under one tax rate; `rate` in percent, "19.0", null where the ticket type has none. */
export interface TaxShare {
  rate: string | null
  grossMinor: bigint
  taxMinor: bigint
}

/** All that a paper shows. Amounts are minor units as decimal text, days are calendar days where it happened. */
export interface InvoiceDocument {
  locale: 'en' | 'de'
  currency: string
  orderCode: string
  issuedOn: string
  organizer: { name: string; imprint: string | null; vatId: string | null }
  buyer: { name: string; company: string | null; email: string }
  event: { title: string; on: string; place: string }
  /** The paper that this one takes back, in part or as a whole. */
  about: { number: string; issuedOn: string } | null
  lines: { name: string; quantity: number; unitPrice: string; discount: string; total: string }[]
  taxes: { rate: string | null; gross: string; tax: string }[]
}

/** The shares added up by rate, the highest rate first; what is without one, last. */
export function addTaxes(shares: TaxShare[]): TaxShare[] {
  const byRate = new Map<string | null, TaxShare>()
  for (const { rate, grossMinor, taxMinor } of shares) {
    const sum = byRate.get(rate) ?? { rate, grossMinor: 0n, taxMinor: 0n }
    byRate.set(rate, { rate, grossMinor: sum.grossMinor + grossMinor, taxMinor: sum.taxMinor + taxMinor })
  }
  return [...byRate.values()].sort((a, b) => Number(b.rate ?? -1) - Number(a.rate ?? -1))
}

/**
 * The part of `left` that goes back with `amountMinor`, which is not more than all of it: in proportion, to the last unit.
 * However many parts go back one after another, nothing is over when all has gone.
 */
export function splitOverTaxes(amountMinor: bigint, left: TaxShare[]): TaxShare[] {
  const grosses = splitProportionally(
    amountMinor,
    left.map(({ grossMinor }) => grossMinor),
  )
  return left.flatMap(({ rate, grossMinor, taxMinor }, index) => {
    const part = grosses[index] ?? 0n
    const [tax = 0n] = splitProportionally(taxMinor, [part, grossMinor - part])
    return part === 0n ? [] : [{ rate, grossMinor: part, taxMinor: tax }]
  })
}

/** The same below zero. */
export function negated(shares: TaxShare[]): TaxShare[] {
  return shares.map(({ rate, grossMinor, taxMinor }) => ({ rate, grossMinor: -grossMinor, taxMinor: -taxMinor }))
}
