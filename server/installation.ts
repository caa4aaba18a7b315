import type { Config } from './config.ts'
import { openPool, type Pool } from './platform/database.ts'
import { joinEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { migrateJobs } from './platform/jobs/job-schema.ts'
import { migrate } from './platform/migrations.ts'

export interface Installation {
  db: Pool
  readers: Pool
  searches: Pool
  /** Closes what was opened; a PostgreSQL of our own stops with the last who leaves it. */
  close(): Promise<void>
}

export interface OpeningOptions {
  /** Brings the schema up to date; true unless said. */
  migrates?: boolean
  /** Brings a PostgreSQL of our own back whenever it dies, until `close`. */
  keepsAlive?: boolean
}

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
  const readers = openPool(url, { max: 4, name: 'foyer readers', plansAnew: true, portNow })
  const searches = openPool(url, { max: 4, name: 'foyer searches', plansAnew: true, portNow })
  if (keepsAlive) embedded?.keepAlive()
  const close = async () => {
    await Promise.all([db, readers, searches].map((pool) => pool.end({ timeout: 5 })))
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
  return { db, readers, searches, close }
}
