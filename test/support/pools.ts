import type { Pools } from '../../server/config.ts'
import type { Pool } from '../../server/platform/database.ts'

/** Everything on the same connections. */
export function allOn(db: Pool): Pools {
  return { db, lookups: db, readers: db, searches: db }
}
