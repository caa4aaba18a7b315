import type { Tx } from '../platform/database.ts'

/** The ids of this transaction and of those of its savepoints under which rows were written. */
export async function listOwnXids(tx: Tx): Promise<string[]> {
  const rows = await tx<{ xid: string }[]>`
    select transactionid::text as xid from pg_locks
    where locktype = 'transactionid' and granted and pid = pg_backend_pid()`
  return rows.map(({ xid }) => xid)
}

export interface Waiter {
  /** The id under which this transaction wrote the row that they wait for. */
  xid: string
  /** Their transaction. */
  virtualXid: string
}

/** The transactions that wait for a row of this one. */
export async function listWaiters(tx: Tx): Promise<Waiter[]> {
  return tx<Waiter[]>`
    select own.transactionid::text as xid, other.virtualtransaction as virtual_xid
    from pg_locks own
    join pg_locks other
      on other.locktype = 'transactionid' and not other.granted and other.transactionid = own.transactionid
    where own.locktype = 'transactionid' and own.granted and own.pid = pg_backend_pid()`
}

/** Waits until these transactions have ended, but no longer than about a second. */
export async function letEnd(tx: Tx, waiters: Waiter[]): Promise<void> {
  const virtualXids = waiters.map(({ virtualXid }) => virtualXid)
  for (let tries = 0; tries < 100; tries++) {
    const running = await tx`
      select from pg_locks where locktype = 'virtualxid' and virtualxid = any (${virtualXids}::text[]) limit 1`
    if (running.count === 0) return
    await tx`select pg_sleep(0.01)`
  }
}
