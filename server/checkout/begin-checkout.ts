import type { Account } from '../accounts/account.ts'
import { type EventRow, findEvent } from '../events/queries.ts'
import { publicId } from '../platform/codes.ts'
import { type Db, transaction, violatedConstraint } from '../platform/database.ts'
import { invalid } from '../platform/refusal.ts'
import { wireTime } from '../platform/time.ts'
import { listTicketTypes, type TicketTypeRow, type Wanted } from '../ticketing/queries.ts'
import { discountItems, subtotalOf } from './cart.ts'
import { type CheckoutItemRow, type CheckoutRow, findCheckout, insertCheckout } from './queries.ts'
import { attributionKeys, type NewCheckout } from './schema.ts'
import { takePlaces } from './take-places.ts'
import { takePromoCode } from './use-promo-code.ts'

/**
 * Takes the places and opens a checkout, whole or not at all.
 *
 * Throws 422 on `event_slug` (unknown, not on sale), `items` (unknown or hidden ticket type, too many in one order) or
 * `promo_code`, and 409 with how many are left where there are not enough.
 */
export async function beginCheckout(
  db: Db,
  account: Account,
  input: NewCheckout,
  now: Date,
  holdMinutes: number,
): Promise<CheckoutRow> {
  const event = await findEvent(db, account.id, input.event_slug.trim())
  if (!event?.published) throw invalid('event_slug', 'must exist')
  refuseOutsideSales(event, now)
  const types = await listTicketTypes(db, account.id, event.id, ['active'], now)
  const items = readItems(input, types)
  const wanted = wantedOf(items)
  const expiresAt = new Date(now.getTime() + holdMinutes * 60_000)
  const id = publicId()
  const begin = transaction(db, async (tx) => {
    const typed = input.promo_code?.trim()
    const taken = typed ? await takePromoCode(tx, account.id, typed, { eventId: event.id, now }) : undefined
    const { discountMinor, discountsMinor } = discountItems(items, taken?.discount)
    const attribution = readAttribution(input.attribution)
    const row = {
      publicId: id,
      eventId: event.id,
      totalMinor: subtotalOf(items) - discountMinor,
      discountMinor,
      promoCodeId: taken?.id ?? null,
      locale: account.locale,
      attribution,
      createdAt: now,
      expiresAt,
    }
    const discounted = items.map((item, index) => ({ ...item, discountMinor: discountsMinor[index] ?? 0n }))
    const checkoutId = await insertCheckout(tx, account.id, row, discounted)
    const [checkout] = await Promise.all([
      findCheckout(tx, account.id, id),
      takePlaces(tx, account.id, { checkoutId, eventId: event.id, wanted, now, expiresAt }),
    ])
    if (!checkout) throw new Error('a checkout vanished while it was written')
    return { ...checkout, heldUntil: checkout.expiresAt }
  })
  return begin.catch((error: unknown) => {
    if (violatedConstraint(error)?.endsWith('_fkey')) throw invalid('event_slug', 'must exist') // deleted meanwhile
    throw error
  })
}

/** Throws 422 where the event is not on sale at `now`. */
export function refuseOutsideSales(event: EventRow, now: Date): void {
  const at = wireTime(now)
  if (event.salesStartsAt !== null && at < event.salesStartsAt) throw invalid('event_slug', 'is not on sale yet')
  if (at >= event.salesEndsAt) throw invalid('event_slug', 'is no longer on sale')
}

/** One row a ticket type, in the order of their ids. */
export function wantedOf(items: CheckoutItemRow[]): Wanted[] {
  return items
    .map(({ ticketTypeId, quantity }) => ({ ticketTypeId, quantity }))
    .sort((a, b) => a.ticketTypeId - b.ticketTypeId)
}

function readItems(input: NewCheckout, types: TicketTypeRow[]): CheckoutItemRow[] {
  const quantities = new Map<number, number>()
  for (const { ticket_id, quantity } of input.items)
    quantities.set(ticket_id, (quantities.get(ticket_id) ?? 0) + quantity)
  return [...quantities].map(([ticketTypeId, quantity]) => {
    const type = types.find((candidate) => candidate.id === ticketTypeId)
    if (!type) throw invalid('items', 'must exist')
    if (quantity > type.maxPerOrder) throw invalid('items', `must be at most ${type.maxPerOrder} of ${type.title}`)
    return {
      ticketTypeId,
      title: type.title,
      quantity,
      unitPriceMinor: type.priceMinor,
      discountMinor: 0n,
      taxRate: type.taxRate,
      maxPerCustomer: type.maxPerCustomer,
    }
  })
}

/** Keeps the known keys with text in them. */
function readAttribution(input: NewCheckout['attribution']): Record<string, string> {
  const known = attributionKeys.flatMap((key) => {
    const value = input?.[key]
    return typeof value === 'string' && value.trim() ? [[key, value.trim().slice(0, 255)]] : []
  })
  return Object.fromEntries(known)
}
