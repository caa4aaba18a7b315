/** The decimals of the currencies that histories use, as contract 1 names them. */
export const decimals: Record<string, number> = { EUR: 2, JPY: 0, KWD: 3 }

export function amount(minor: bigint, currency: string): string {
  const scale = 10n ** BigInt(decimals[currency] ?? 2)
  const rest = scale === 1n ? '' : `.${String(scale + (minor % scale)).slice(1)}`
  return `${minor / scale}${rest}`
}

export const moneyOf = (minor: bigint, currency: string) => ({ amount: amount(minor, currency), currency })
