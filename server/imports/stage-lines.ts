import { copyIn } from '../platform/copy.ts'
import type { Tx } from '../platform/database.ts'
import { BadLines, ImportRefused } from './bad-lines.ts'
import { distinctCodes } from './distinct-codes.ts'
import { readLines } from './read-lines.ts'
import { type Rules, readOrder } from './read-order.ts'
import { addRows, noRows, type StagedRows } from './staged-rows.ts'
import { copyInto, type StagedTable } from './staging-queries.ts'

const flushAt = 1_000_000

/**
 * Reads the file into the staging tables: one bunch of lines is read while the one before is on its way. Resolves to the
 * number of orders and of the last line. Throws ImportRefused with every bad line.
 */
export async function stageLines(
  tx: Tx,
  source: AsyncIterable<Uint8Array>,
  rules: Rules,
  onProgress: (lines: number) => void | Promise<void>,
): Promise<{ orders: number; lastLine: number }> {
  const badLines = new BadLines()
  const drawCode = distinctCodes()
  let [orders, lastLine] = [0, 0]
  let rows = noRows()
  let copying = Promise.resolve()
  for await (const lines of readLines(source)) {
    for (const line of lines) {
      const order = 'text' in line ? readOrder(line.text, rules) : line.problem
      if (typeof order === 'string') badLines.add(line.number, order)
      else if (badLines.total === 0) addRows(rows, line.number, order, drawCode)
      lastLine = line.number
    }
    orders += lines.length
    if (rows.orders.length + rows.tickets.length < flushAt) continue
    await copying
    await onProgress(lastLine)
    copying = copyRows(tx, rows)
    // The next turn of the loop awaits it; until then its failure is nobody's.
    copying.catch(() => {})
    rows = noRows()
  }
  await copying
  if (badLines.total > 0) throw new ImportRefused(badLines)
  await copyRows(tx, rows)
  await onProgress(lastLine)
  return { orders, lastLine }
}

async function copyRows(tx: Tx, rows: StagedRows): Promise<void> {
  await copy(tx, 'staged_orders', rows.orders)
  await copy(tx, 'staged_lines', rows.lines)
  await copy(tx, 'staged_tickets', rows.tickets)
  await copy(tx, 'staged_refunds', rows.refunds)
}

async function copy(tx: Tx, table: StagedTable, text: string): Promise<void> {
  if (text === '') return
  await copyIn(tx, copyInto(table), [text])
}
