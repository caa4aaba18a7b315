import type { Tx } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { endHolds, insertHolds, listTicketTypes, type NewHold } from '../ticketing/queries.ts'

/** Holds the places for the checkout. Throws 409 with how many are left where there are not enough. */
export async function takePlaces(tx: Tx, accountId: number, places: NewHold): Promise<void> {
  const taken = await insertHolds(tx, accountId, places)
  if (!taken) throw conflict(await describeShortage(tx, accountId, places))
}

/**
 * Ends the checkout's holds because its tickets are issued now. Where they ran out and others may have taken the places,
 * they are taken anew first: 409 if they are gone. The event's places are locked from here on.
 */
export async function useHeldPlaces(tx: Tx, accountId: number, places: NewHold): Promise<void> {
  const { eventId, checkoutId } = places
  const held = await endHolds(tx, accountId, eventId, checkoutId)
  if (held > 0) return
  await takePlaces(tx, accountId, places)
  await endHolds(tx, accountId, eventId, checkoutId)
}

/** "Only 3 left of General Admission": what is there of each ticket type that is short. */
async function describeShortage(tx: Tx, accountId: number, { eventId, wanted, now }: NewHold): Promise<string> {
  const types = await listTicketTypes(tx, accountId, eventId, ['active', 'hidden', 'archived'], now)
  const short = types.flatMap(({ id, title, left }) => {
    const quantity = wanted.find((item) => item.ticketTypeId === id)?.quantity ?? 0
    if (left === null || left >= quantity) return []
    return [left > 0 ? `Only ${left} left of ${title}` : `${title} is sold out (0 left)`]
  })
  return short.length > 0 ? short.join('; ') : 'There are not enough places left'
}
