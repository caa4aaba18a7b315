import type { Pool as DriverPool, PoolConfig } from 'pg'
import type { Pool } from '../database.ts'

/** The part of postgres.js's options that says where the database is and who asks; it has read the URL. */
interface Address {
  host: string[]
  port: number[]
  path?: string
  database: string
  user: string
  pass: string | null
  ssl: boolean | string | object
}

/** Connections of the queue's own driver to the database that `db` is connected to, under its name. */
export async function openDriverPool(db: Pool, options: { name: string; max: number }): Promise<DriverPool> {
  const { default: pg } = await import('pg')
  const { host, port, path, database, user, pass, ssl } = db.options as unknown as Address // its types hide that it is so
  const config: PoolConfig = {
    host: path ? path.slice(0, path.lastIndexOf('/')) : host[0],
    port: port[0],
    database,
    user,
    password: pass ?? undefined,
    ssl: encryption(ssl),
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 0,
  }
  const pool = new pg.Pool(config)
  // A lost connection shows in the next query, which opens another one.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** As postgres.js reads `sslmode`: only the words that begin with verify look at the certificate. */
function encryption(ssl: Address['ssl']): PoolConfig['ssl'] {
  if (typeof ssl === 'object') return ssl
  return ssl === true || String(ssl).startsWith('verify') ? true : ssl ? { rejectUnauthorized: false } : false
}
