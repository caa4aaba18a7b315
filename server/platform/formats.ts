import { currencyDecimals, decimal } from './money.ts'

/** How people read money and time, in the language that they bought in. The wire has its own forms. */
export type Locale = 'en' | 'de'

// English here is Europe's: days before months, 24 hours.
const regions: Record<Locale, string> = { en: 'en-GB', de: 'de-DE' }

/** `formatMoney(126000n, 'EUR', 'de')` is `1.260,00 €`. */
export function formatMoney(minor: bigint, currency: string, locale: Locale): string {
  const decimals = currencyDecimals(currency)
  const format = new Intl.NumberFormat(regions[locale], {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format.format(decimal(minor, currency) as `${number}`) // a decimal string keeps every digit
}

/** The instant (wire text) on the clocks of `zone`: `Saturday, 1 June 2030 at 22:00`. */
export function formatDateTime(instant: string, zone: string, locale: Locale): string {
  const options = { dateStyle: 'full', timeStyle: 'short', timeZone: zone } as const
  return new Intl.DateTimeFormat(regions[locale], options).format(new Date(instant))
}

/** The time alone: `22:00`. */
export function formatTime(instant: string, zone: string, locale: Locale): string {
  return new Intl.DateTimeFormat(regions[locale], { timeStyle: 'short', timeZone: zone }).format(new Date(instant))
}

/** One line: breaks and controls, which in a mail's head or a table would start something new, become blanks. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}
