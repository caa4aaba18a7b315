import { publicId, shortCode, ticketSecret } from '../platform/codes.ts'
import { wireTime } from '../platform/time.ts'
import type { Buyer } from './buyers.ts'
import type { DrawCode } from './distinct-codes.ts'
import type { ImportedOrder } from './read-order.ts'

/** An order with everything that it belongs to. */
export interface PlacedOrder {
  line: number
  order: ImportedOrder
  id: number
  eventId: number
  /** Of its items, in their order. */
  ticketTypeIds: number[]
  buyer: Buyer
}

/** Rows in the text form of PostgreSQL's COPY; they get their codes as they are written. */
export interface OrderRows {
  orders(): Iterable<string>
  lines(): Iterable<string>
  tickets(): Iterable<string>
  refunds(): Iterable<string>
  buyers(): Iterable<string>
}

const chunkLength = 65_536

/**
 * The rows of a bunch. Its public ids share their first four letters and its codes their first symbol, so that they come
 * to lie side by side in the indexes, which makes writing them cheaper. What is left are 82 random bits of an id, and 34
 * of a code: among a million orders, whose bunches begin differently, a code is no easier to guess.
 */
export function rowsOf(accountId: number, orders: PlacedOrder[], drawNearCode: DrawCode): OrderRows {
  const prefix = publicId().slice(0, 4)
  const near = () => prefix + publicId().slice(prefix.length)
  const symbol = shortCode().slice(0, 1)
  const drawCode = () => drawNearCode(symbol)
  return {
    orders: () => inChunks(orders, (placed) => orderRow(accountId, placed, near(), drawCode())),
    lines: () => inChunks(orders, (placed) => lineRows(accountId, placed, near)),
    tickets: () => inChunks(orders, (placed) => ticketRows(accountId, placed, near, drawCode)),
    refunds: () => inChunks(orders, (placed) => refundRows(accountId, placed)),
    buyers: () => inChunks(orders, buyerRow),
  }
}

function* inChunks(orders: PlacedOrder[], rows: (placed: PlacedOrder) => string): Generator<string> {
  let text = ''
  for (const placed of orders) {
    text += rows(placed)
    if (text.length < chunkLength) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

function orderRow(accountId: number, placed: PlacedOrder, newId: string, code: string): string {
  const { order, id, eventId, buyer } = placed
  return row(
    accountId,
    id,
    newId,
    code,
    escaped(order.ref),
    eventId,
    buyer.customerId,
    'import',
    escaped(order.name ?? ''),
    escaped(order.email),
    order.marketingConsent ? 't' : 'f',
    order.totalMinor,
    order.refundedMinor,
    'import',
    order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    order.items.length,
    wireTime(order.createdAt),
    wireTime(order.paidAt),
  )
}

function lineRows(accountId: number, { order, id, ticketTypeIds }: PlacedOrder, newId: () => string): string {
  let rows = ''
  order.items.forEach(({ ticketTitle, unitPriceMinor, quantity }, index) => {
    const total = unitPriceMinor * BigInt(quantity)
    rows += row(
      accountId,
      id,
      index + 1,
      newId(),
      ticketTypeIds[index] ?? '',
      escaped(ticketTitle),
      quantity,
      unitPriceMinor,
      total,
    )
  })
  return rows
}

/** One for each admission; those of an order that was refunded whole ended with the refund. */
function ticketRows(
  accountId: number,
  { order, id, eventId, ticketTypeIds }: PlacedOrder,
  newId: () => string,
  drawCode: () => string,
): string {
  const cancelledAt = order.refundedWholeAt === null ? '\\N' : wireTime(order.refundedWholeAt)
  let rows = ''
  let position = 0
  order.items.forEach(({ quantity }, index) => {
    const before = `${accountId}\t${id}\t`
    const after = `\t${index + 1}\t${eventId}\t${ticketTypeIds[index] ?? ''}\t`
    for (let n = 0; n < quantity; n++) {
      position += 1
      rows += `${before}${position}${after}${newId()}\t${drawCode()}\t${ticketSecret()}\t${cancelledAt}\n`
    }
  })
  return rows
}

function refundRows(accountId: number, { order, id }: PlacedOrder): string {
  return order.refunds
    .toSorted((a, b) => a.refundedAt.getTime() - b.refundedAt.getTime())
    .map(({ amountMinor, refundedAt }) => row(accountId, id, amountMinor, wireTime(refundedAt)))
    .join('')
}

function buyerRow({ line, order, eventId, buyer }: PlacedOrder): string {
  return row(
    buyer.number,
    buyer.customerId,
    buyer.isKnown ? 't' : 'f',
    eventId,
    line,
    escaped(order.email),
    nullable(order.name),
    nullable(order.company),
    nullable(order.phone),
    order.marketingConsent ? 't' : 'f',
    wireTime(order.paidAt),
    order.totalMinor - order.refundedMinor,
  )
}

/** One row of cells that need no escaping any more. */
export function row(...cells: (string | number | bigint)[]): string {
  return `${cells.join('\t')}\n`
}

function nullable(text: string | null): string {
  return text === null ? '\\N' : escaped(text)
}

const special = /[\\\t\n\r]/

export function escaped(text: string): string {
  if (!special.test(text)) return text
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
