import { availableParallelism } from 'node:os'
import type { Config, Pools } from './config.ts'
import { openPool, type Pool } from './platform/database.ts'
import { joinEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { migrateJobs } from './platform/jobs/job-schema.ts'
import { migrate } from './platform/migrations.ts'

export interface Installation extends Pools {
  /** Closes what was opened; a PostgreSQL of our own stops with the last who leaves it. */
  close(): Promise<void>
}

export interface OpeningOptions {
  /** Brings the schema up to date; true unless said. */
  migrates?: boolean
  /** Brings a PostgreSQL of our own back whenever it dies, until `close`. */
  keepsAlive?: boolean
}

/** A search keeps a processor busy: one is left to those who don't search. */
const searchesAtOnce = Math.max(1, availableParallelism() - 1)

/** Opens the installation's database, its own or the one that DATABASE_URL names. */
export async function openInstallation(
  config: Config,
  say: (message: string) => void,
  { migrates = true, keepsAlive = false }: OpeningOptions = {},
): Promise<Installation> {
  const embedded = config.databaseUrl === undefined ? await joinEmbeddedPostgres(config.dataDir, say) : undefined
  const url = embedded?.url ?? config.databaseUrl ?? ''
  const portNow = embedded?.port
  const db = openPool(url, { portNow })
  const lookups = openPool(url, { max: 4, name: 'foyer lookups', portNow })
  const readers = openPool(url, { max: 4, name: 'foyer readers', plansAnew: true, portNow })
  const searches = openPool(url, { max: searchesAtOnce, name: 'foyer searches', plansAnew: true, portNow })
  const pools: Pools = { db, lookups, readers, searches }
  if (keepsAlive) embedded?.keepAlive()
  const close = async () => {
    await Promise.all(Object.values(pools).map((pool: Pool) => pool.end({ timeout: 5 })))
    await embedded?.leave()
  }
  try {
    const applied = migrates ? await migrate(db) : []
    if (migrates) await migrateJobs(db)
    if (applied.length > 0) say(`Brought the database up to date (${applied.length} migrations).`)
  } catch (error) {
    await close()
    throw error
  }
  return { ...pools, close }
}
