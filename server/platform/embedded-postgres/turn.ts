import { constants } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresFolder } from './folder.ts'

const sqliteBusy = 5

/**
 * Waits until no other process starts or stops the server of this folder. Resolves to the function that ends the
 * turn. Throws when `patienceMs` are over.
 *
 * Node has no file locks of its own. SQLite's are the operating system's: they end with the process, however it dies.
 */
export async function takeTurn(
  folder: PostgresFolder,
  patienceMs: number,
  log: (message: string) => void,
): Promise<() => void> {
  const made = await folder.openFile('postgres.lock', constants.O_RDWR | constants.O_CREAT)
  await made.close()
  const lock = new DatabaseSync(join(folder.path, 'postgres.lock'), { timeout: 0 })
  const begun = performance.now()
  let told = false
  while (!tryLock(lock)) {
    const waitedMs = performance.now() - begun
    if (waitedMs > patienceMs) {
      lock.close()
      const seconds = Math.round(waitedMs / 1000)
      throw new Error(
        `Another Foyer process has been starting or stopping the PostgreSQL in ${folder.cluster} for ${seconds} seconds.`,
      )
    }
    if (waitedMs > 3_000 && !told) {
      log('Waiting for another Foyer process that starts or stops PostgreSQL')
      told = true
    }
    await sleep(20)
  }
  return () => lock.close()
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
    return true
  } catch (reason) {
    if (reason instanceof Error && 'errcode' in reason && reason.errcode === sqliteBusy) return false
    throw reason
  }
}
