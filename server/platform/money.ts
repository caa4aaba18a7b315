/** An amount on the wire: a decimal string with exactly the currency's decimals, and the ISO 4217 code. */
export type Money = { amount: string; currency: string }

// ISO 4217's minor units, written out instead of asked of Intl: ICU follows the cash in use and says 0 for HUF, IDR,
// IQD and fourteen more, and a new ICU may not change what a stored amount means. All other currencies have 2.
const otherDecimals: [number, string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]
const decimalsOf = new Map(
  otherDecimals.flatMap(([decimals, codes]) => codes.split(' ').map((code): [string, number] => [code, decimals])),
)

// Intl lists these too: units of account that nobody pays with, and codes that ISO 4217 has withdrawn.
const notForSale = new Set(['XDR', 'XSU', 'ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'])
const currencies = new Set(Intl.supportedValuesOf('currency').filter((code) => !notForSale.has(code)))

/** Whether tickets can be sold in it: a current ISO 4217 code in capitals. */
export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

/** How many decimals ISO 4217 gives the currency: JPY 0, EUR 2, KWD 3. A code that it doesn't know has 2. */
export function currencyDecimals(currency: string): number {
  return decimalsOf.get(currency) ?? 2
}

/** `money(12600n, 'EUR')` is `{ amount: '126.00', currency: 'EUR' }`. */
export function money(minor: bigint, currency: string): Money {
  return { amount: decimal(minor, currency), currency }
}

/** `decimal(-5n, 'EUR')` is `'-0.05'`, `decimal(126n, 'JPY')` is `'126'`. */
export function decimal(minor: bigint, currency: string): string {
  const decimals = currencyDecimals(currency)
  if (decimals === 0) return String(minor)
  if (minor < 0n) return `-${decimal(-minor, currency)}`
  const digits = String(minor).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/**
 * The minor units of a plain decimal: `parseAmount('5.5', 'EUR')` is `550n`. Undefined for everything else: a sign,
 * blanks, an exponent, a bare point, more decimals than the currency has, more than 15 digits before the point.
 */
export function parseAmount(text: string, currency: string): bigint | undefined {
  const decimals = currencyDecimals(currency)
  const [, whole, fraction = ''] = /^(\d{1,15})(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || fraction.length > decimals) return undefined
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

/**
 * Shares of `total` in the ratio of `weights`, which add up to it exactly: each share is rounded down and the units
 * left over go to the largest remainders, the first of equals first. All weights zero: even shares. A negative total is
 * split as its opposite. Throws RangeError for a negative weight, or for no weights and something to share out.
 */
export function splitProportionally(total: bigint, weights: bigint[]): bigint[] {
  if (total < 0n) return splitProportionally(-total, weights).map((share) => -share)
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight is negative')
  if (weights.length === 0 && total > 0n) throw new RangeError('there is nobody to share with')

  const sum = weights.reduce((a, b) => a + b, 0n)
  const even = weights.map(() => 1n)
  if (sum === 0n && weights.length > 0) return splitProportionally(total, even)

  const shares = weights.map((weight) => ({ units: (total * weight) / sum, remainder: (total * weight) % sum }))
  const left = Number(total - shares.reduce((a, share) => a + share.units, 0n))
  // Sorting is stable: equals keep their order.
  const byRemainder = shares.toSorted((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder))
  for (const share of byRemainder.slice(0, left)) share.units += 1n
  return shares.map((share) => share.units)
}

/**
 * The tax contained in a gross amount, halves rounded away from zero: `taxIncluded(2000n, '19.0')` is `319n`. `rate` is
 * in percent, a plain decimal of at most three digits before the point and four after it; throws RangeError for another
 * text.
 */
export function taxIncluded(gross: bigint, rate: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(rate) ?? []
  if (whole === undefined) throw new RangeError(`not a tax rate: ${rate}`)
  if (gross < 0n) return -taxIncluded(-gross, rate)
  const percent = BigInt(whole + fraction)
  const divisor = 100n * 10n ** BigInt(fraction.length) + percent
  return (2n * gross * percent + divisor) / (2n * divisor)
}
