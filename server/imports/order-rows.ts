import { publicId, publicIdBeginnings, shortCodeBeginnings, ticketSecret } from '../platform/codes.ts'
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

/** Stands where the id and the code of a row will; no text of an order has it. */
const gap = '\0'
const lettersAtMost = 8_000_000

/**
 * Rows in the text form of PostgreSQL's COPY, in pieces. Orders and tickets get their ids and codes as they are written,
 * other ones each time. All of these codes begin with the same symbol: with the 34 random bits that are left they are no
 * easier to guess, among some ten thousand, than those of a million orders.
 */
export class OrderRows {
  readonly #accountId: number
  readonly #orders: string[] = []
  readonly #tickets: string[] = []
  readonly lines: string[] = []
  readonly refunds: string[] = []
  readonly buyers: string[] = []
  #letters = 0
  #ticketCount = 0
  orderCount = 0
  lastLine = 0

  constructor(accountId: number) {
    this.#accountId = accountId
  }

  add(orders: PlacedOrder[]): void {
    for (const { order } of orders) this.#ticketCount += admissions(order)
    this.orderCount += orders.length
    this.lastLine = orders.at(-1)?.line ?? this.lastLine
    this.#keep(this.#orders, orders, (placed) => orderRow(this.#accountId, placed))
    this.#keep(this.lines, orders, (placed) => lineRows(this.#accountId, placed))
    this.#keep(this.#tickets, orders, (placed) => ticketRows(this.#accountId, placed))
    this.#keep(this.refunds, orders, (placed) => refundRows(this.#accountId, placed))
    this.#keep(this.buyers, orders, buyerRow)
  }

  /** So many orders, or so much text that it should not wait for more. */
  hasAtLeast(orders: number): boolean {
    return this.orderCount >= orders || this.#letters >= lettersAtMost
  }

  orders(drawCode: DrawCode): Iterable<string> {
    return filled(this.#orders, this.orderCount, drawCode)
  }

  tickets(drawCode: DrawCode): Iterable<string> {
    return filled(this.#tickets, this.#ticketCount, drawCode)
  }

  #keep(pieces: string[], orders: PlacedOrder[], rows: (placed: PlacedOrder) => string): void {
    const piece = orders.map(rows).join('')
    this.#letters += piece.length
    if (piece !== '') pieces.push(piece)
  }
}

function* filled(pieces: string[], count: number, drawCode: DrawCode): Generator<string> {
  const [idBeginnings, codeBeginnings] = [publicIdBeginnings(count), shortCodeBeginnings(count)]
  const fill = () => `${publicId(idBeginnings.next().value)}\t${drawCode(codeBeginnings.next().value)}`
  for (const piece of pieces) yield piece.replaceAll(gap, fill)
}

function admissions({ items }: ImportedOrder): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0)
}

function orderRow(accountId: number, placed: PlacedOrder): string {
  const { order, id, eventId, buyer } = placed
  return row(
    accountId,
    id,
    gap,
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
    admissions(order),
    order.items.length,
    wireTime(order.createdAt),
    wireTime(order.paidAt),
  )
}

function lineRows(accountId: number, { order, id, ticketTypeIds }: PlacedOrder): string {
  let rows = ''
  order.items.forEach(({ ticketTitle, unitPriceMinor, quantity }, index) => {
    const total = unitPriceMinor * BigInt(quantity)
    rows += row(
      accountId,
      id,
      index + 1,
      publicId(),
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
function ticketRows(accountId: number, { order, id, eventId, ticketTypeIds }: PlacedOrder): string {
  const cancelledAt = order.refundedWholeAt === null ? '\\N' : wireTime(order.refundedWholeAt)
  let rows = ''
  let position = 0
  order.items.forEach(({ quantity }, index) => {
    const before = `${accountId}\t${id}\t`
    const after = `\t${index + 1}\t${eventId}\t${ticketTypeIds[index] ?? ''}\t`
    for (let n = 0; n < quantity; n++) {
      position += 1
      rows += `${before}${position}${after}${gap}\t${ticketSecret()}\t${cancelledAt}\n`
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
