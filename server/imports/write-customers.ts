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

/**
 * Writes the customers of the import, the last of what takes long: from here on a buyer with one of these addresses
 * would wait for the whole transaction. So every part stands on a savepoint of its own, and when somebody waits, the
 * import takes back what it has written from that part on, lets them pass, and writes it again.
 */
export async function writeCustomers(
  tx: Tx,
  accountId: number,
  count: number,
  onProgress: (customers: number) => void | Promise<void>,
): Promise<void> {
  const seen = new Set((await listOwnLocks(tx)).map((lock) => lock.xid))
  const locksOfPart: string[][] = []
  let yields = 0
  for (let part = 0; part * customersAtOnce < count; part++) {
    const range = { from: part * customersAtOnce + 1, to: Math.min((part + 1) * customersAtOnce, count) }
    await tx.unsafe(`savepoint customers_${part}`)
    await writePart(tx, accountId, range)
    await onProgress(range.to)
    const locks = await listOwnLocks(tx)
    locksOfPart[part] = locks.map((lock) => lock.xid).filter((xid) => !seen.has(xid))
    for (const { xid } of locks) seen.add(xid)
    const awaited = new Set(locks.filter((lock) => lock.isAwaited).map((lock) => lock.xid))
    const firstAwaited = locksOfPart.slice(0, part + 1).findIndex((xids) => xids.some((xid) => awaited.has(xid)))
    if (firstAwaited < 0 || yields === maxYields) continue
    yields += 1
    await tx.unsafe(`rollback to savepoint customers_${firstAwaited}`)
    part = firstAwaited - 1
  }
}

/** Somebody may have become a customer, or been erased, since the customers were listed: then they are listed again. */
async function writePart(tx: Tx, accountId: number, range: Range): Promise<void> {
  const expected = range.to - range.from + 1
  for (let isWritten = false; !isWritten; ) {
    await tx`savepoint part`
    const inserted = await insertImportedCustomers(tx, accountId, range)
    const updated = await updateImportedCustomers(tx, accountId, range)
    isWritten = inserted + updated === expected
    if (isWritten) break
    await tx`rollback to savepoint part`
    await relistImportCustomers(tx, accountId, range)
    await updateImportedOrdersCustomer(tx, accountId, range)
  }
  await withoutKeyChecks(tx, ['customer_events'], () => insertImportedCustomerEvents(tx, accountId, range))
}
