import type { Account } from '../accounts/account.ts'
import { Buyers } from './buyers.ts'
import { openKnownOrders } from './known-orders.ts'
import { openIds } from './new-ids.ts'
import type { PlacedOrder } from './order-rows.ts'
import { type EarlierRows, listKnownCustomers } from './plan-queries.ts'
import type { Programme } from './programme.ts'
import type { NumberedOrder } from './read-orders.ts'
import type { WhenFree } from './when-free.ts'

/** Finds or makes everything that an order belongs to, before it is written. */
export interface Placing {
  /** Resolves to the orders that the account does not have yet. */
  place(orders: NumberedOrder[]): Promise<PlacedOrder[]>
  /** What was placed is on its way: when the connection is free again, the database knows it. */
  sent(): void
}

export function openPlacing(
  whenFree: WhenFree,
  { id: accountId }: Account,
  { hasImports, hasCustomers }: EarlierRows,
  programme: Programme,
): Placing {
  const known = openKnownOrders(whenFree, accountId, hasImports)
  const drawOrderIds = openIds(whenFree, 'orders')
  const drawCustomerIds = openIds(whenFree, 'customers')
  const buyers = new Buyers()
  return { place, sent: known.sent }

  async function place(all: NumberedOrder[]): Promise<PlacedOrder[]> {
    const orders = await known.leaveOut(all)
    await programme.enter(orders)
    await enterBuyers(orders)
    const ids = await drawOrderIds(orders.length)
    return orders.map(({ line, order }, index) => {
      const buyer = buyers.find(order.email)
      const { id: eventId, ticketTypes } = programme.event(order.eventSlug)
      const ticketTypeIds = order.items.map(({ ticketTitle }) => ticketTypes.get(ticketTitle)?.id ?? 0)
      if (!buyer) throw new Error('a buyer of the file was not entered')
      return { line, order, id: ids[index] ?? 0, eventId, ticketTypeIds, buyer }
    })
  }

  async function enterBuyers(orders: NumberedOrder[]): Promise<void> {
    const emails = new Set<string>()
    for (const { order } of orders) if (!buyers.find(order.email)) emails.add(order.email)
    const customers = hasCustomers ? await listKnownCustomers(await whenFree(), accountId, [...emails]) : nobody
    const newIds = await drawCustomerIds(emails.size - customers.size)
    let next = 0
    for (const email of emails) {
      const id = customers.get(email)
      buyers.add(email, id ?? newIds[next++] ?? 0, id !== undefined)
    }
  }
}

const nobody: ReadonlyMap<string, number> = new Map()
