import type { Db, Tx } from '../platform/database.ts'
import { conflict, invalid } from '../platform/refusal.ts'
import { wireTime } from '../platform/time.ts'
import { type Discount, readPromoCode } from '../promo-codes/promo-code.ts'
import {
  countUses,
  countUsesOf,
  findLimits,
  findPromoCode,
  findPromoCodeId,
  lockPromoCode,
} from '../promo-codes/queries.ts'

interface Use {
  eventId: number
  /** The checkout that has the code already, whose own use does not count against it. */
  checkoutId?: number
  email?: string | undefined
  now: Date
}

/**
 * Takes a use of the code for a checkout of this event, as typed; from here on whoever else wants it waits, and once
 * this transaction is over the checkout holds its use as long as its places. Throws 422 on `promo_code`.
 */
export async function takePromoCode(
  tx: Tx,
  accountId: number,
  typed: string,
  use: Use,
): Promise<{ id: number; discount: Discount }> {
  const code = readPromoCode(typed)
  const id = code === undefined ? undefined : await findPromoCodeId(tx, accountId, code)
  if (id === undefined) throw invalid('promo_code', 'is invalid')
  return { id, discount: await checkPromoCode(tx, accountId, id, use) }
}

/** The same for the code that a checkout has had before, when its places are taken anew. */
export async function checkPromoCode(tx: Tx, accountId: number, id: number, use: Use): Promise<Discount> {
  await lockPromoCode(tx, accountId, id)
  const code = await findPromoCode(tx, accountId, id)
  if (!code?.active) throw invalid('promo_code', 'is invalid')
  if (code.expiresAt !== null && code.expiresAt <= wireTime(use.now)) throw invalid('promo_code', 'has expired')
  if (code.eventId !== null && code.eventId !== use.eventId) throw invalid('promo_code', 'is not valid for this event')
  const exceeded = await findExceededUse(tx, accountId, id, use)
  if (exceeded) throw invalid('promo_code', exceeded)
  return code.amountMinor === null
    ? { type: 'percentage', percent: code.percent ?? '0' }
    : { type: 'fixed', amountMinor: code.amountMinor }
}

/**
 * Uses the code for an order that is paid: what its checkout was promised stands, but not beyond the code's limits. The
 * buyer's customer is locked; the code is from here on. Throws 409.
 */
export async function redeemPromoCode(tx: Tx, accountId: number, id: number, use: Use): Promise<void> {
  await lockPromoCode(tx, accountId, id)
  const exceeded = await findExceededUse(tx, accountId, id, use)
  if (exceeded) throw conflict(`The promo code ${exceeded}`)
}

/** Says which limit one more use would exceed, or undefined. Exact while the code is locked. */
export async function findExceededUse(
  db: Db,
  accountId: number,
  id: number,
  { checkoutId, email, now }: Use,
): Promise<string | undefined> {
  const { usageLimit, maxPerCustomer } = await findLimits(db, accountId, id)
  if (usageLimit !== null && (await countUses(db, accountId, id, now, checkoutId)) >= usageLimit) return 'is used up'
  if (maxPerCustomer === null || email === undefined) return undefined
  const uses = await countUsesOf(db, accountId, id, email)
  return uses >= maxPerCustomer ? 'is used up for this customer' : undefined
}
