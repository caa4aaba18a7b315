import { setTimeout as sleep } from 'node:timers/promises'
import { type Pool, type Tx, transaction } from '../../server/platform/database.ts'

/**
 * Begins the acts one after another while `lock` keeps them all waiting, each as soon as the one before waits or has
 * ended; then lets them go. So they meet in this order in every run. Resolves to their results.
 */
export async function queueUp<T>(
  db: Pool,
  lock: (tx: Tx) => Promise<unknown>,
  acts: (() => Promise<T>)[],
): Promise<T[]> {
  const results: Promise<T>[] = []
  await transaction(db, async (tx) => {
    await lock(tx)
    let ended = 0
    for (const act of acts) {
      const result = act()
      results.push(result)
      result.catch(() => {}).finally(() => ended++)
      await until(async () => ended + (await countWaiting(db)) >= results.length)
    }
  })
  return Promise.all(results)
}

/** Asked on another connection: within one transaction the list of connections stays as it was. */
async function countWaiting(db: Pool): Promise<number> {
  const [row] = await db<[{ count: number }]>`
    select count(distinct pid)::integer as count from pg_locks
    where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`
  return row.count
}

/** Waits, at most twenty seconds, until something is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Never came to be: ${isSo}`)
    await sleep(5)
  }
}
