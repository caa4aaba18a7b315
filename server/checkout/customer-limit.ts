import type { Tx } from '../platform/database.ts'
import { type CheckoutItemRow, countTicketsOf } from './queries.ts'

/** Says which ticket type's `max_per_customer` the order would exceed, or undefined. Exact while the customer is locked. */
export async function findExceededLimit(
  tx: Tx,
  accountId: number,
  email: string,
  items: CheckoutItemRow[],
): Promise<string | undefined> {
  const limited = items.filter((item) => item.maxPerCustomer !== null)
  if (limited.length === 0) return undefined
  const ids = limited.map((item) => item.ticketTypeId)
  const counts = await countTicketsOf(tx, accountId, email, ids)
  const exceeded = limited.find(
    (item) => (counts.get(item.ticketTypeId) ?? 0) + item.quantity > (item.maxPerCustomer ?? 0),
  )
  return exceeded && `${exceeded.title}: at most ${exceeded.maxPerCustomer} for each customer`
}
