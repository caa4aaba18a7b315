import { currencyDecimals, decimal } from './money.ts'

/** How people read money and time, in the language that they bought in. The wire has its own forms. */
export type Locale = 'en' | 'de'

// English here is Europe's: days before months, 24 hours.
const regions: Record<Locale, string> = { en: 'en-GB', de: 'de-DE' }
const made = new Map<string, unknown>()

/** Formats cost more to make than to use. */
function once<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as T // each key is only ever made by one of the callers below
}

/** `formatMoney(126000n, 'EUR', 'de')` is `1.260,00 €`: an amount in minor units. */
export function formatMoney(minor: bigint, currency: string, locale: Locale): string {
  const digits = currencyDecimals(currency)
  const options = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  const format = once(`money ${currency} ${locale}`, () => new Intl.NumberFormat(regions[locale], options))
  return format.format(decimal(minor, currency) as Intl.StringNumericLiteral) // a plain decimal, as `decimal` promises
}

/** "19%", "19 %": a tax rate such as "19.0". */
export function formatRate(rate: string, locale: Locale): string {
  const options = { style: 'percent', maximumFractionDigits: 1 } as const
  const format = once(`rate ${locale}`, () => new Intl.NumberFormat(regions[locale], options))
  return format.format(Number(rate) / 100)
}

export interface Moment {
  /** The wire's instant. */
  at: string
  /** On whose clocks it is read. */
  timeZone: string
}

function dateFormat(locale: Locale, timeZone: string, name: string, options: Intl.DateTimeFormatOptions) {
  return once(`${name} ${timeZone} ${locale}`, () => new Intl.DateTimeFormat(regions[locale], { ...options, timeZone }))
}

/** "Saturday, 1 June 2030" */
export function formatDay({ at, timeZone }: Moment, locale: Locale): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
  return dateFormat(locale, timeZone, 'day', options).format(new Date(at))
}

/** "22 April 2026": a calendar day, "2026-04-22". */
export function formatDate(day: string, locale: Locale): string {
  return dateFormat(locale, 'UTC', 'date', { dateStyle: 'long' }).format(new Date(`${day}T00:00:00Z`))
}

/** "20:00" */
export function formatTime({ at, timeZone }: Moment, locale: Locale): string {
  return dateFormat(locale, timeZone, 'time', { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
}

/** "Saturday, 1 June 2030 at 22:00" */
export function formatDateTime({ at, timeZone }: Moment, locale: Locale): string {
  return dateFormat(locale, timeZone, 'both', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at))
}

/** "1", "Jun": for the small calendar leaf beside an event. */
export function formatLeaf({ at, timeZone }: Moment, locale: Locale): { day: string; month: string } {
  const date = new Date(at)
  return {
    day: dateFormat(locale, timeZone, 'leaf day', { day: 'numeric' }).formatToParts(date)[0]?.value ?? '',
    month: dateFormat(locale, timeZone, 'leaf month', { month: 'short' }).format(date),
  }
}

/** "Central European Summer Time": the zone's own name at that moment. */
export function formatZone({ at, timeZone }: Moment, locale: Locale): string {
  const parts = dateFormat(locale, timeZone, 'zone', { timeZoneName: 'long' }).formatToParts(new Date(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** One line: what in a mail's head or a table would start something new, or turn text around, becomes a blank. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}
