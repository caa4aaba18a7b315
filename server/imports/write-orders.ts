import {
  insertImportedLines,
  insertImportedOrders,
  insertImportedRefunds,
  insertImportedTickets,
} from '../orders/bulk-queries.ts'
import type { Tx } from '../platform/database.ts'
import { withoutKeyChecks } from './key-checks.ts'

const linesAtOnce = 50_000

/** Writes the orders, whose customers may come later in the same transaction, and everything that hangs on them. */
export async function writeOrders(
  tx: Tx,
  accountId: number,
  lastLine: number,
  onProgress: (lines: number) => void | Promise<void>,
): Promise<void> {
  await tx`set constraints orders_account_id_customer_id_fkey deferred`
  await withoutKeyChecks(tx, ['orders', 'order_lines', 'tickets', 'refunds'], async () => {
    for (let from = 1; from <= lastLine; from += linesAtOnce) {
      const range = { from, to: from + linesAtOnce - 1 }
      await insertImportedOrders(tx, accountId, range)
      await insertImportedLines(tx, accountId, range)
      await insertImportedTickets(tx, accountId, range)
      await insertImportedRefunds(tx, accountId, range)
      await onProgress(Math.min(range.to, lastLine))
    }
  })
}
