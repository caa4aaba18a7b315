import type { Tx } from '../platform/database.ts'

export interface OwnLock {
  /** Of this transaction, or of the savepoint under which rows were written. */
  xid: string
  /** Whether someone waits for a row that was written under it. */
  isAwaited: boolean
}

/** What others may be waiting for: this transaction itself, and each savepoint of it. */
export async function listOwnLocks(tx: Tx): Promise<OwnLock[]> {
  return tx<OwnLock[]>`
    select own.transactionid::text as xid,
           exists (
             select from pg_locks other
             where other.locktype = 'transactionid' and not other.granted and other.transactionid = own.transactionid
           ) as is_awaited
    from pg_locks own
    where own.locktype = 'transactionid' and own.granted and own.pid = pg_backend_pid()`
}
