import { publicId, ticketSecret } from '../platform/codes.ts'
import { wireTime } from '../platform/time.ts'
import type { ImportedOrder } from './read-order.ts'

/** Rows on their way into the staging tables, in the text form of PostgreSQL's COPY. */
export interface StagedRows {
  orders: string
  lines: string
  tickets: string
  refunds: string
  /** What their public ids begin with. */
  prefix: string
}

/**
 * The public ids of one bunch share their first four letters, so that they come to lie side by side in the indexes, which
 * makes writing them cheaper. The other sixteen are still 82 random bits.
 */
export const noRows = (): StagedRows => ({
  orders: '',
  lines: '',
  tickets: '',
  refunds: '',
  prefix: publicId().slice(0, 4),
})

/** Adds an order with its lines, one ticket for each admission, and its refunds; all of them get their codes here. */
export function addRows(rows: StagedRows, number: number, order: ImportedOrder, drawCode: () => string): void {
  const { items, refunds } = order
  let ticketCount = 0
  items.forEach(({ ticketTitle, unitPriceMinor, quantity }, index) => {
    rows.lines += row(number, index + 1, escaped(ticketTitle), unitPriceMinor, quantity, near(rows))
    for (let n = 0; n < quantity; n++) {
      ticketCount += 1
      rows.tickets += row(number, ticketCount, index + 1, near(rows), drawCode(), ticketSecret())
    }
  })
  for (const { amountMinor, refundedAt } of refunds) rows.refunds += row(number, amountMinor, wireTime(refundedAt))
  rows.orders += row(
    number,
    escaped(order.ref),
    escaped(order.email),
    nullable(order.name),
    nullable(order.company),
    nullable(order.phone),
    order.marketingConsent ? 't' : 'f',
    order.eventSlug,
    nullable(order.eventTitle),
    wireTime(order.createdAt),
    wireTime(order.paidAt),
    order.totalMinor,
    order.refundedMinor,
    nullable(fullyRefundedAt(order)),
    ticketCount,
    items.length,
    near(rows),
    drawCode(),
  )
}

function near({ prefix }: StagedRows): string {
  return prefix + publicId().slice(prefix.length)
}

/** When the last of the money went back; null while some was kept, and for a free order, which has none to give back. */
function fullyRefundedAt({ totalMinor, refundedMinor, refunds }: ImportedOrder): string | null {
  if (refundedMinor === 0n || refundedMinor < totalMinor) return null
  return wireTime(new Date(Math.max(...refunds.map(({ refundedAt }) => refundedAt.getTime()))))
}

function row(...cells: (string | number | bigint)[]): string {
  return `${cells.join('\t')}\n`
}

function nullable(text: string | null): string {
  return text === null ? '\\N' : escaped(text)
}

const special = /[\\\t\n\r]/

function escaped(text: string): string {
  if (!special.test(text)) return text
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
