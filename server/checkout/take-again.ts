import type { Account } from '../accounts/account.ts'
import { findEvent } from '../events/queries.ts'
import type { Tx } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { endHolds } from '../ticketing/queries.ts'
import { refuseOutsideSales, wantedOf } from './begin-checkout.ts'
import { type CheckoutRow, updateCheckoutExpiry } from './queries.ts'
import { takePlaces } from './take-places.ts'
import { checkPromoCode } from './use-promo-code.ts'

/** The hold ran out before the payment was asked for: the places are taken anew, if they are still there and on sale. */
export async function takeAgain(
  tx: Tx,
  account: Account,
  checkout: CheckoutRow,
  holdMinutes: number,
  now: Date,
): Promise<void> {
  const event = await findEvent(tx, account.id, checkout.eventSlug)
  if (!event?.published) throw conflict('The event is no longer on sale')
  refuseOutsideSales(event, now)
  const { id: checkoutId, eventId, buyer, promoCodeId } = checkout
  if (promoCodeId !== null)
    await checkPromoCode(tx, account.id, promoCodeId, { eventId, checkoutId, email: buyer?.email, now })
  const expiresAt = new Date(now.getTime() + holdMinutes * 60_000)
  await endHolds(tx, account.id, eventId, checkoutId)
  await takePlaces(tx, account.id, {
    checkoutId: checkout.id,
    eventId: checkout.eventId,
    wanted: wantedOf(checkout.items),
    now,
    expiresAt,
  })
  await updateCheckoutExpiry(tx, account.id, checkout.id, expiresAt)
}
