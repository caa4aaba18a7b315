import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BadLines } from './bad-lines.ts'
import { readLines } from './read-lines.ts'
import { type ImportedOrder, type Rules, readOrder } from './read-order.ts'

/** Lines that were read together, without those that are blank or bad. */
export interface Bunch {
  orders: NumberedOrder[]
  lastLine: number
}

export interface NumberedOrder {
  line: number
  order: ImportedOrder
}

const linesAtOnce = 50
const ordersAtOnce = 5_000
const lettersAtOnce = 8_000_000

/**
 * The orders of the file, a bunch at a time. From the first bad line on there are no orders any more, only what
 * `badLines` learns: one empty bunch at once, and the end of the file.
 */
export async function* readOrders(
  source: AsyncIterable<Uint8Array>,
  rules: Rules,
  badLines: BadLines,
): AsyncGenerator<Bunch> {
  let orders: NumberedOrder[] = []
  let letters = 0
  let lastLine = 0
  for await (const lines of readLines(source)) {
    const badBefore = badLines.total
    for (const [index, line] of lines.entries()) {
      // Whoever sends rows to the database meanwhile must not wait for long.
      if (index % linesAtOnce === 0) await nextTurn()
      const order = 'text' in line ? readOrder(line.text, rules) : line.problem
      if (typeof order === 'string') badLines.add(line.number, order)
      else if (badLines.total === 0) orders.push({ line: line.number, order })
      if ('text' in line) letters += line.text.length
      lastLine = line.number
    }
    const isSpoilt = badLines.total > 0
    const isShort = orders.length < ordersAtOnce && letters < lettersAtOnce
    if (isSpoilt ? badBefore > 0 : isShort) continue
    yield { orders: isSpoilt ? [] : orders, lastLine }
    orders = []
    letters = 0
  }
  if (badLines.total === 0 && orders.length > 0) yield { orders, lastLine }
}
