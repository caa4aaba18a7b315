import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BadLines } from './bad-lines.ts'
import { type Line, readLines } from './read-lines.ts'
import { type ImportedOrder, type Rules, readOrder } from './read-order.ts'

/** Lines that came together, without those that are blank or bad. */
export interface Bunch {
  orders: NumberedOrder[]
  lastLine: number
}

export interface NumberedOrder {
  line: number
  order: ImportedOrder
}

const linesAtOnce = 25

/**
 * The orders of the file, some lines at a time. From the first bad line on there are no orders any more, only what
 * `badLines` learns: one empty bunch at once, and the end of the file.
 */
export async function* readOrders(
  source: AsyncIterable<Uint8Array>,
  rules: Rules,
  badLines: BadLines,
): AsyncGenerator<Bunch> {
  for await (const lines of readLines(source)) {
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      // Whoever sends rows to the database meanwhile must not wait for long.
      await nextTurn()
      const wasSpoilt = badLines.total > 0
      const bunch = readBunch(lines.slice(from, from + linesAtOnce), rules, badLines)
      if (!wasSpoilt) yield badLines.total > 0 ? { ...bunch, orders: [] } : bunch
    }
  }
}

function readBunch(lines: Line[], rules: Rules, badLines: BadLines): Bunch {
  const orders: NumberedOrder[] = []
  for (const line of lines) {
    const order = 'text' in line ? readOrder(line.text, rules) : line.problem
    if (typeof order === 'string') badLines.add(line.number, order)
    else orders.push({ line: line.number, order })
  }
  return { orders, lastLine: lines.at(-1)?.number ?? 0 }
}
