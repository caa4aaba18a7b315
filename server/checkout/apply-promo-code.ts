import type { Tx } from '../platform/database.ts'
import { conflict, notFound } from '../platform/refusal.ts'
import { discountItems } from './cart.ts'
import { lockCheckout, updateCheckoutDiscount, updateItemDiscounts } from './queries.ts'
import { takePromoCode } from './use-promo-code.ts'

/**
 * Gives a checkout that is not paid the code that was typed, or takes the one that it has away: "" or null. Money that
 * was asked for at another total before goes back by itself, should it come. Throws 404, 409 once it is paid, 422 on
 * `promo_code`; the checkout is then as before.
 */
export async function applyPromoCode(
  tx: Tx,
  accountId: number,
  publicId: string,
  typed: string | null,
  now: Date,
): Promise<void> {
  const checkout = await lockCheckout(tx, accountId, publicId)
  if (!checkout) throw notFound()
  if (checkout.status === 'paid') throw conflict('The order is paid')
  const { id: checkoutId, eventId, buyer, promoCodeId, items } = checkout
  const use = { eventId, checkoutId, email: buyer?.email, now }
  const taken = typed?.trim() ? await takePromoCode(tx, accountId, typed, use) : undefined
  const { discountMinor, discountsMinor } = discountItems(items, taken?.discount)
  if ((taken?.id ?? null) === promoCodeId && discountMinor === checkout.discountMinor) return
  const totalMinor = checkout.totalMinor + checkout.discountMinor - discountMinor
  await updateCheckoutDiscount(tx, accountId, checkoutId, { promoCodeId: taken?.id ?? null, discountMinor, totalMinor })
  await updateItemDiscounts(tx, accountId, checkoutId, discountsMinor)
}
