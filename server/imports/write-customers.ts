import {
  insertImportedCustomers,
  insertKnownCustomersEvents,
  insertNewCustomersEvents,
  updateImportedCustomers,
} from '../customers/bulk-queries.ts'
import { updateImportedOrdersCustomer } from '../orders/bulk-queries.ts'
import { type Tx, transaction, violatedConstraint } from '../platform/database.ts'
import { withoutKeyChecks } from './key-checks.ts'
import { type Range, relistImportCustomers } from './plan-queries.ts'
import { letEnd, listOwnXids, listWaiters } from './yield-queries.ts'

const customersAtOnce = 10_000
const maxYields = 100

interface Part {
  range: Range
  savepoint: string
  /** Others who wait for a row of this part wait for one of these. */
  xids: string[]
  made: number
}

/**
 * Writes the customers of the import, the last of what takes long: from here on a buyer with one of these addresses
 * would wait for the whole transaction. So every part stands on a savepoint of its own, and when somebody waits, the
 * import takes back what it has written from that part on, lets them pass, and writes it again.
 * Resolves to how many customers were made.
 */
export async function writeCustomers(
  tx: Tx,
  accountId: number,
  count: number,
  onProgress: (customers: number) => void | Promise<void>,
): Promise<number> {
  const before = await listOwnXids(tx)
  const parts: Part[] = []
  let yields = 0
  for (let from = 1; from <= count; ) {
    const range = { from, to: Math.min(from + customersAtOnce - 1, count) }
    parts.push(await writePart(tx, accountId, range, [...before, ...parts.flatMap(({ xids }) => xids)]))
    from = range.to + 1
    await onProgress(range.to)

    const waiters = await listWaiters(tx)
    const first = parts.findIndex(({ xids }) => waiters.some(({ xid }) => xids.includes(xid)))
    const awaited = parts[first]
    if (!awaited || yields === maxYields) continue
    await tx.unsafe(`rollback to savepoint ${awaited.savepoint}`)
    // Or the import might well be the first to write the row again.
    await letEnd(tx, waiters)
    yields += 1
    from = awaited.range.from
    parts.length = first
  }
  return parts.reduce((sum, { made }) => sum + made, 0)
}

/** Somebody may have become a customer, or been erased, since the customers were listed: then they are listed again. */
async function writePart(tx: Tx, accountId: number, range: Range, earlierXids: string[]): Promise<Part> {
  const savepoint = `customers_${range.from}`
  const expected = range.to - range.from + 1
  await tx.unsafe(`savepoint ${savepoint}`)
  for (;;) {
    const made = await makeCustomers(tx, accountId, range)
    const updated = made === undefined || made === expected ? 0 : await updateImportedCustomers(tx, accountId, range)
    if (made === undefined || made + updated < expected) {
      await tx.unsafe(`rollback to savepoint ${savepoint}`)
      await relistImportCustomers(tx, accountId, range)
      await updateImportedOrdersCustomer(tx, accountId, range)
      continue
    }
    await withoutKeyChecks(tx, ['customer_events'], async () => {
      if (made > 0) await insertNewCustomersEvents(tx, accountId, range)
      if (updated > 0) await insertKnownCustomersEvents(tx, accountId, range)
    })
    const xids = (await listOwnXids(tx)).filter((xid) => !earlierXids.includes(xid))
    return { range, savepoint, xids, made }
  }
}

/** Resolves to how many; undefined, and nothing is written, where somebody else made one of them. */
async function makeCustomers(tx: Tx, accountId: number, range: Range): Promise<number | undefined> {
  try {
    return await transaction(tx, (inner) =>
      withoutKeyChecks(inner, ['customers'], () => insertImportedCustomers(inner, accountId, range)),
    )
  } catch (error) {
    if (violatedConstraint(error) !== 'customers_account_id_email_key') throw error
    return undefined
  }
}
