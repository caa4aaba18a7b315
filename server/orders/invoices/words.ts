import { formatDate, formatMoney, formatRate, type Locale } from '../../platform/formats.ts'

const words = {
  en: {
    invoice: 'Invoice',
    cancellation: 'Cancellation invoice',
    cancels: (number: string, day: string) => `Takes back invoice ${number} of ${day}, by the amount below.`,
    restores: (number: string, day: string) => `Takes back cancellation invoice ${number} of ${day}.`,
    date: 'Date',
    order: 'Order',
    vatId: 'VAT ID',
    event: 'Event',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    discount: 'Discount',
    total: 'Total',
    included: (rate: string, gross: string) => `including ${rate} tax on ${gross}`,
    net: 'Net',
    paid: 'Paid with the order.',
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },
  de: {
    invoice: 'Rechnung',
    cancellation: 'Stornorechnung',
    cancels: (number: string, day: string) => `Storniert Rechnung ${number} vom ${day} um den unten genannten Betrag.`,
    restores: (number: string, day: string) => `Hebt Stornorechnung ${number} vom ${day} auf.`,
    date: 'Datum',
    order: 'Bestellung',
    vatId: 'USt-IdNr.',
    event: 'Veranstaltung',
    item: 'Position',
    quantity: 'Anzahl',
    price: 'Preis',
    amount: 'Betrag',
    discount: 'Rabatt',
    total: 'Gesamtbetrag',
    included: (rate: string, gross: string) => `enthält ${rate} Steuer aus ${gross}`,
    net: 'Netto',
    paid: 'Mit der Bestellung bezahlt.',
    page: (page: number, pages: number) => `Seite ${page} von ${pages}`,
  },
} as const

/** What an invoice says in the buyer's language, and how it writes amounts, rates and days. */
export function wordsOf(locale: Locale, currency: string) {
  return {
    ...words[locale],
    /** Of minor units, as text. */
    money: (minor: string) => formatMoney(BigInt(minor), currency, locale),
    /** Of percent, "19.0". */
    rate: (percent: string) => formatRate(percent, locale),
    /** Of a calendar day, "2026-04-22". */
    day: (day: string) => formatDate(day, locale),
  }
}

export type Words = ReturnType<typeof wordsOf>
