import type { Tx } from '../platform/database.ts'
import { orAgain } from './or-again.ts'
import { gatherImportCustomers } from './plan-queries.ts'
import type { Programme } from './programme.ts'
import type { Progress } from './progress.ts'
import { writeCustomers } from './write-customers.ts'

/** Writes what others wait for, and what only all orders together say. Resolves to how many customers were made. */
export async function finishImport(
  tx: Tx,
  accountId: number,
  programme: Programme,
  onProgress: Progress,
): Promise<number> {
  const count = await gatherImportCustomers(tx)
  return orAgain(tx, async (inner) => {
    await inner.unsafe('set local enable_hashjoin = off; set local enable_mergejoin = off')
    const made = await writeCustomers(inner, accountId, count, (customers) => onProgress(customers, 'customers'))
    await programme.complete(inner)
    return made
  })
}
