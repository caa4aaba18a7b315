import {
  insertImportedCustomerEvents,
  insertImportedCustomers,
  updateImportedCustomers,
} from '../customers/bulk-queries.ts'
import { updateImportedOrdersCustomer } from '../orders/bulk-queries.ts'
import type { Tx } from '../platform/database.ts'
import { withoutKeyChecks } from './key-checks.ts'
import { type Range, relistImportCustomers } from './plan-queries.ts'
import { listOwnLocks } from './yield-queries.ts'

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
  const before = new Set((await listOwnLocks(tx)).map(({ xid }) => xid))
  const parts: Part[] = []
  let yields = 0
  for (let from = 1; from <= count; ) {
    const range = { from, to: Math.min(from + customersAtOnce - 1, count) }
    const part = await writePart(tx, accountId, range)
    parts.push(part)
    from = range.to + 1
    await onProgress(range.to)

    const locks = await listOwnLocks(tx)
    const known = new Set([...before, ...parts.flatMap(({ xids }) => xids)])
    part.xids = locks.map(({ xid }) => xid).filter((xid) => !known.has(xid))
    const awaited = locks.filter(({ isAwaited }) => isAwaited).map(({ xid }) => xid)
    const first = parts.findIndex(({ xids }) => xids.some((xid) => awaited.includes(xid)))
    const from1 = parts[first]
    if (!from1 || yields === maxYields) continue
    yields += 1
    await tx.unsafe(`rollback to savepoint ${from1.savepoint}`)
    from = from1.range.from
    parts.length = first
  }
  return parts.reduce((sum, { made }) => sum + made, 0)
}

/** Somebody may have become a customer, or been erased, since the customers were listed: then they are listed again. */
async function writePart(tx: Tx, accountId: number, range: Range): Promise<Part> {
  const savepoint = `customers_${range.from}`
  const expected = range.to - range.from + 1
  await tx.unsafe(`savepoint ${savepoint}`)
  for (;;) {
    const made = await insertImportedCustomers(tx, accountId, range)
    const updated = await updateImportedCustomers(tx, accountId, range)
    if (made + updated < expected) {
      await tx.unsafe(`rollback to savepoint ${savepoint}`)
      await relistImportCustomers(tx, accountId, range)
      await updateImportedOrdersCustomer(tx, accountId, range)
      continue
    }
    await withoutKeyChecks(tx, ['customer_events'], () => insertImportedCustomerEvents(tx, accountId, range))
    return { range, savepoint, xids: [], made }
  }
}
