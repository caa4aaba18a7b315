import type { Tx } from '../platform/database.ts'
import { listTicketTypes } from '../ticketing/queries.ts'
import { type CheckoutItemRow, countTicketsOf } from './queries.ts'

/** Says which ticket type's `max_per_customer` the order would exceed, or undefined. Exact while the customer is locked. */
export async function findExceededLimit(
  tx: Tx,
  accountId: number,
  order: { email: string; eventId: number; items: CheckoutItemRow[]; now: Date },
): Promise<string | undefined> {
  const types = await listTicketTypes(tx, accountId, order.eventId, ['active', 'hidden', 'archived'], order.now)
  const quantities = new Map(order.items.map((item) => [item.ticketTypeId, item.quantity]))
  const limited = types.filter((type) => type.maxPerCustomer !== null && quantities.has(type.id))
  if (limited.length === 0) return undefined
  const counts = await countTicketsOf(
    tx,
    accountId,
    order.email,
    limited.map((type) => type.id),
  )
  const exceeded = limited.find(
    (type) => (counts.get(type.id) ?? 0) + (quantities.get(type.id) ?? 0) > (type.maxPerCustomer ?? 0),
  )
  return exceeded && `${exceeded.title}: at most ${exceeded.maxPerCustomer} for each customer`
}
