import type { Account } from '../accounts/account.ts'
import {
  copyImportedLines,
  copyImportedOrders,
  copyImportedRefunds,
  copyImportedTickets,
} from '../orders/bulk-queries.ts'
import type { Tx } from '../platform/database.ts'
import { Buyers } from './buyers.ts'
import { distinctCodes } from './distinct-codes.ts'
import { finishImport } from './finish-import.ts'
import { withoutKeyChecks } from './key-checks.ts'
import { openKnownOrders } from './known-orders.ts'
import { orAgain } from './or-again.ts'
import { type OrderRows, type PlacedOrder, rowsOf } from './order-rows.ts'
import type { OrderSink } from './order-sink.ts'
import { drawIds, findEarlierRows, listKnownCustomers } from './plan-queries.ts'
import { openProgramme } from './programme.ts'
import type { Progress } from './progress.ts'
import type { NumberedOrder } from './read-orders.ts'
import { copyImportBuyers, createImportBuyers } from './staging-queries.ts'
import { leaveWordLists, type WordLists } from './word-lists.ts'

export interface Writing {
  now: Date
  lists: WordLists | undefined
  onProgress: Progress
}

/**
 * Writes orders, and everything that hangs on them, while the rest of the file is read: nobody waits for these rows. The
 * customers, whom others may wait for, come at the end.
 */
export async function openWriter(tx: Tx, account: Account, { now, lists, onProgress }: Writing): Promise<OrderSink> {
  await tx.unsafe("set local foyer.bulk = on; set local work_mem = '64MB'")
  await tx`set constraints orders_account_id_customer_id_fkey deferred`
  await createImportBuyers(tx)
  const { hasImports, hasCustomers } = await findEarlierRows(tx, account.id)
  const known = openKnownOrders(tx, account.id, hasImports)
  const programme = openProgramme(tx, account, now)
  const buyers = new Buyers()
  const drawCode = distinctCodes()
  let [imported, skipped] = [0, 0]
  return { take, end }

  async function take(all: NumberedOrder[]) {
    const orders = await known.leaveOut(all)
    skipped += all.length - orders.length
    imported += orders.length
    if (orders.length === 0) return { arrived: Promise.resolve() }
    if (lists?.areKept()) await leaveWordLists(tx)
    await programme.enter(orders)
    await enterBuyers(orders)
    const placed = place(orders, await drawIds(tx, 'orders', orders.length))
    return { arrived: write(placed) }
  }

  async function write(placed: PlacedOrder[]): Promise<void> {
    // Another order may have one of the codes: all of them are drawn anew.
    await orAgain(tx, (inner) => writeRows(inner, rowsOf(account.id, placed, drawCode)))
    await onProgress(placed.at(-1)?.line ?? 0, 'orders')
  }

  async function enterBuyers(orders: NumberedOrder[]): Promise<void> {
    const emails = new Set<string>()
    for (const { order } of orders) if (!buyers.find(order.email)) emails.add(order.email)
    const customers = hasCustomers ? await listKnownCustomers(tx, account.id, [...emails]) : new Map<string, number>()
    const newIds = await drawIds(tx, 'customers', emails.size - customers.size)
    let next = 0
    for (const email of emails) {
      const id = customers.get(email)
      buyers.add(email, id ?? newIds[next++] ?? 0, id !== undefined)
    }
  }

  function place(orders: NumberedOrder[], ids: number[]): PlacedOrder[] {
    return orders.map(({ line, order }, index) => {
      const buyer = buyers.find(order.email)
      const { id: eventId, ticketTypes } = programme.event(order.eventSlug)
      const ticketTypeIds = order.items.map(({ ticketTitle }) => ticketTypes.get(ticketTitle)?.id ?? 0)
      if (!buyer) throw new Error('a buyer of the file was not entered')
      return { line, order, id: ids[index] ?? 0, eventId, ticketTypeIds, buyer }
    })
  }

  async function end() {
    const customers = imported === 0 ? 0 : await finishImport(tx, account.id, programme, onProgress)
    return { imported, skipped, customers }
  }
}

function writeRows(tx: Tx, rows: OrderRows): Promise<void> {
  return withoutKeyChecks(tx, ['orders', 'order_lines', 'tickets', 'refunds'], async () => {
    await copyImportedOrders(tx, rows.orders())
    await copyImportedLines(tx, rows.lines())
    await copyImportedTickets(tx, rows.tickets())
    await copyImportedRefunds(tx, rows.refunds())
    await copyImportBuyers(tx, rows.buyers())
  })
}
