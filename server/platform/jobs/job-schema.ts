import { readdir } from 'node:fs/promises'
import { type Db, type Pool, transaction } from '../database.ts'
import { openDriverPool } from './driver.ts'
import { queueLogger, silence } from './queue-log.ts'

/**
 * Brings the queue's own schema up to date. Instances that start together wait for the first. The queue is loaded only
 * where something is to be done.
 */
export async function migrateJobs(db: Pool): Promise<void> {
  await transaction(db, async (tx) => {
    await tx`select pg_advisory_xact_lock(7003)`
    if ((await installedRevision(tx)) >= (await newestRevision())) return
    const { runMigrations } = await import('graphile-worker')
    const pgPool = await openDriverPool(db, { name: 'foyer', max: 1 })
    try {
      await runMigrations({ pgPool, schema: 'graphile_worker', logger: await queueLogger(silence) })
    } finally {
      await pgPool.end()
    }
  })
}

async function installedRevision(db: Db): Promise<number> {
  const [{ known }] = await db<[{ known: boolean }]>`
    select to_regclass('graphile_worker.migrations') is not null as known`
  if (!known) return 0
  const [{ revision }] = await db<[{ revision: number }]>`
    select coalesce(max(id), 0) as revision from graphile_worker.migrations`
  return revision
}

async function newestRevision(): Promise<number> {
  const names = await readdir(new URL('../sql/', import.meta.resolve('graphile-worker')))
  return Math.max(...names.map((name) => Number.parseInt(name, 10)))
}
