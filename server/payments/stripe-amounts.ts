import { currencyDecimals } from '../platform/money.ts'

// Stripe's own reading where it is not ISO 4217's: two decimals that must be zeros, and none where ISO has two.
const stripeDecimals: Record<string, number | undefined> = { ISK: 2, UGX: 2, MGA: 0 }

/** The least that Stripe takes, in its minor units, where it says so. */
const least: Record<string, bigint | undefined> = {
  ...{ USD: 50n, EUR: 50n, GBP: 30n, CHF: 50n, JPY: 50n, AUD: 50n, CAD: 50n, BRL: 50n, INR: 50n, NZD: 50n, SGD: 50n },
  ...{ BGN: 100n, DKK: 250n, NOK: 300n, SEK: 300n, PLN: 200n, RON: 200n, CZK: 1500n, HUF: 17_500n, THB: 1000n },
  ...{ MXN: 1000n, HKD: 400n, MYR: 200n, AED: 200n },
}
const most = 99_999_999n

/** The least that can be moved, in ISO 4217's minor units: cards have no third decimal. Every amount is a multiple of it. */
export function stripeStep(currency: string): bigint {
  const iso = currencyDecimals(currency)
  const shift = (stripeDecimals[currency] ?? iso) - iso
  if (shift < 0) return 10n ** BigInt(-shift)
  return iso === 3 ? 10n : 1n
}

/** The amount in Stripe's minor units; undefined where it can't be moved: a part of a unit that cards don't have. */
export function toStripeAmount(amountMinor: bigint, currency: string): number | undefined {
  const iso = currencyDecimals(currency)
  const shift = (stripeDecimals[currency] ?? iso) - iso
  if (amountMinor % stripeStep(currency) !== 0n || iso > 3) return undefined
  return Number(shift < 0 ? amountMinor / 10n ** BigInt(-shift) : amountMinor * 10n ** BigInt(shift))
}

/** Back to ISO 4217's minor units. */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const iso = currencyDecimals(currency)
  const shift = (stripeDecimals[currency] ?? iso) - iso
  return shift < 0 ? BigInt(amount) * 10n ** BigInt(-shift) : BigInt(amount) / 10n ** BigInt(shift)
}

/** Whether Stripe takes such an amount in one payment. */
export function isPayableByStripe(amountMinor: bigint, currency: string): boolean {
  const amount = toStripeAmount(amountMinor, currency)
  if (amount === undefined || amount < 1) return false
  return BigInt(amount) >= (least[currency] ?? 1n) && BigInt(amount) <= most
}
