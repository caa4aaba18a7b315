import { type Discount, discountOf, spreadDiscount } from '../promo-codes/promo-code.ts'
import type { CheckoutItemRow } from './queries.ts'

type Priced = Pick<CheckoutItemRow, 'unitPriceMinor' | 'quantity'>

/** What the items cost before any discount. */
export function subtotalOf(items: Priced[]): bigint {
  return items.reduce((sum, item) => sum + item.unitPriceMinor * BigInt(item.quantity), 0n)
}

/** What is off the cart, and off each of its items. Without a discount: nothing. */
export function discountItems(
  items: Priced[],
  discount: Discount | undefined,
): { discountMinor: bigint; discountsMinor: bigint[] } {
  const linesMinor = items.map((item) => subtotalOf([item]))
  const discountMinor = discount ? discountOf(discount, subtotalOf(items)) : 0n
  return { discountMinor, discountsMinor: spreadDiscount(discountMinor, linesMinor) }
}
