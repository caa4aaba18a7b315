import { splitProportionally } from '../platform/money.ts'

/** What a code takes off: hundredths of a percent, or minor units of the account's currency. */
export type Discount = { type: 'percentage'; percent: string } | { type: 'fixed'; amountMinor: bigint }

/** What the code takes off such a subtotal, never more than all of it; halves of a unit are rounded up. */
export function discountOf(discount: Discount, subtotalMinor: bigint): bigint {
  if (discount.type === 'fixed') return discount.amountMinor < subtotalMinor ? discount.amountMinor : subtotalMinor
  const hundredths = BigInt(Math.round(Number(discount.percent) * 100))
  return (2n * subtotalMinor * hundredths + 10_000n) / 20_000n
}

/** The discount of each line: in proportion to its money, to the last unit, and never more than the line. */
export function spreadDiscount(discountMinor: bigint, linesMinor: bigint[]): bigint[] {
  return splitProportionally(discountMinor, linesMinor)
}

/** A code as it is stored, of whatever was typed; undefined where it can't be one. */
export function readPromoCode(text: string): string | undefined {
  const typed = text.trim()
  return /^[A-Za-z0-9-]{3,32}$/.test(typed) ? typed.toUpperCase() : undefined
}
