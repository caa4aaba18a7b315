import { publicId, shortCode, ticketSecret } from '../platform/codes.ts'
import type { Tx } from '../platform/database.ts'
import { lineTax } from './order.ts'
import { insertOrder, insertTickets, type NewOrder } from './queries.ts'

export interface PaidItem {
  ticketTypeId: number
  title: string
  quantity: number
  unitPriceMinor: bigint
  /** Off the whole line. */
  discountMinor: bigint
  taxRate: string | null
}

export type PaidOrder = Omit<NewOrder, 'publicId' | 'orderCode' | 'totalMinor' | 'ticketCount' | 'lineCount'>

/**
 * Writes a paid order and its lines. The buyer's customer exists already; the tickets follow by `issueTickets` in the
 * same transaction. Resolves to the order's id, codes and lines.
 */
export async function issueOrder(tx: Tx, accountId: number, order: PaidOrder, items: PaidItem[]) {
  const codes = { publicId: publicId(), orderCode: shortCode() }
  const lines = items.map((item, index) => {
    const totalMinor = item.unitPriceMinor * BigInt(item.quantity) - item.discountMinor
    return {
      position: index + 1,
      publicId: publicId(),
      ticketTypeId: item.ticketTypeId,
      name: item.title,
      quantity: item.quantity,
      unitPriceMinor: item.unitPriceMinor,
      discountMinor: item.discountMinor,
      totalMinor,
      taxRate: item.taxRate,
      taxMinor: lineTax(totalMinor, item.taxRate),
    }
  })
  const sums = {
    totalMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0n),
    ticketCount: items.reduce((sum, item) => sum + item.quantity, 0),
    lineCount: lines.length,
  }
  const id = await insertOrder(tx, accountId, { ...order, ...codes, ...sums }, lines)
  return { id, ...codes, lines }
}

/** Writes the tickets of an order, one for each admission. The places are the caller's already. */
export async function issueTickets(
  tx: Tx,
  accountId: number,
  eventId: number,
  orderId: number,
  items: PaidItem[],
): Promise<void> {
  const tickets = items.flatMap((item, index) =>
    Array.from({ length: item.quantity }, () => ({
      linePosition: index + 1,
      eventId,
      ticketTypeId: item.ticketTypeId,
      publicId: publicId(),
      checkInCode: shortCode(),
      secret: ticketSecret(),
    })),
  )
  await insertTickets(
    tx,
    accountId,
    orderId,
    tickets.map((ticket, index) => ({ ...ticket, position: index + 1 })),
  )
}
