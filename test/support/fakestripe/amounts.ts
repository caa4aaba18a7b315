import { badParameter } from './failure.ts'

const withoutDecimals = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
/** Told with two decimals for old times' sake, which must be zeros. */
const onlyWholeUnits = new Set(['isk', 'ugx'])
const threeDecimals = new Set('bhd jod kwd omr tnd'.split(' '))
/** The least that Stripe takes, in its own minor units, where it says so. */
const least = new Map(
  Object.entries({
    ...{ usd: 50, eur: 50, gbp: 30, chf: 50, jpy: 50, aud: 50, cad: 50, brl: 50, inr: 50, nzd: 50, sgd: 50 },
    ...{ bgn: 100, dkk: 250, nok: 300, sek: 300, pln: 200, ron: 200, czk: 1500, huf: 17_500, thb: 1000, mxn: 1000 },
    ...{ hkd: 400, myr: 200, aed: 200 },
  }),
)
const most = 99_999_999

/** Three letters in either case; answers it in small letters. Throws 400. */
export function checkedCurrency(currency: string, param: string): string {
  const small = currency.toLowerCase()
  if (/^[a-z]{3}$/.test(small)) return small
  throw badParameter(param, `Invalid currency: ${currency}.`)
}

/** Refuses what the card networks can't move: parts of a unit that a currency doesn't have. */
export function refuseUnpayable(amount: number, currency: string, param: string): void {
  if (onlyWholeUnits.has(currency) && amount % 100 !== 0)
    throw badParameter(
      param,
      `Invalid amount. Currency ${currency.toUpperCase()} has become effectively zero-decimal and charged amounts must be evenly divisible by 100.`,
      'invalid_charge_amount_no_decimal_compatible',
    )
  if (threeDecimals.has(currency) && amount % 10 !== 0)
    throw badParameter(param, `Invalid amount: ${amount}. The last digit of an amount in ${currency} must be 0.`)
}

/** Refuses totals below Stripe's least and above eight digits. */
export function refuseTooSmallOrLarge(amount: number, currency: string, param: string): void {
  if (amount > most)
    throw badParameter(param, `Amount must be no more than ${written(most, currency)}`, 'amount_too_large')
  const floor = least.get(currency) ?? 1
  if (amount < floor)
    throw badParameter(param, `Amount must be at least ${written(floor, currency)}`, 'amount_too_small')
}

/** For people: `written(4200, 'eur')` is `42.00 EUR`. */
export function written(amount: number, currency: string): string {
  const decimals = withoutDecimals.has(currency) ? 0 : threeDecimals.has(currency) ? 3 : 2
  return `${(amount / 10 ** decimals).toFixed(decimals)} ${currency.toUpperCase()}`
}
