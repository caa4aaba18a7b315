import { publicId, shortCode } from '../platform/codes.ts'
import { wireTime } from '../platform/time.ts'
import type { ImportedOrder } from './read-order.ts'

/** Rows on their way into the staging tables, in the text form of PostgreSQL's COPY. */
export interface StagedRows {
  orders: string
  lines: string
  tickets: string
  refunds: string
}

export const noRows = (): StagedRows => ({ orders: '', lines: '', tickets: '', refunds: '' })

/** Adds an order with its lines, one ticket for each admission, and its refunds; all of them get their codes here. */
export function addRows(rows: StagedRows, number: number, order: ImportedOrder): void {
  const { items, refunds } = order
  let ticketCount = 0
  items.forEach(({ ticketTitle, unitPriceMinor, quantity }, index) => {
    rows.lines += row(number, index + 1, escaped(ticketTitle), unitPriceMinor, quantity, publicId())
    for (let n = 0; n < quantity; n++) {
      ticketCount += 1
      rows.tickets += row(number, ticketCount, index + 1, publicId(), shortCode())
    }
  })
  for (const { amountMinor, refundedAt } of refunds) rows.refunds += row(number, amountMinor, wireTime(refundedAt))
  const isRefunded = order.totalMinor > 0n && order.refundedMinor === order.totalMinor
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
    isRefunded ? wireTime(lastRefund(order)) : '\\N',
    ticketCount,
    items.length,
    publicId(),
    shortCode(),
  )
}

function lastRefund({ refunds, paidAt }: ImportedOrder): Date {
  return refunds.reduce((last, { refundedAt }) => (refundedAt > last ? refundedAt : last), paidAt)
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
