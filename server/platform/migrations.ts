import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { type Pool, transaction } from './database.ts'

const folder = new URL('../../database/migrations/', import.meta.url)

/**
 * Brings the schema up to date: every file of database/migrations that has not run yet, in order, all in one
 * transaction; up to and with `last`, where it is named. Instances that start together wait for the first; a changed or unknown earlier migration stops the start.
 */
export async function migrate(db: Pool, last?: string): Promise<string[]> {
  const migrations = await readMigrations()
  return transaction(db, async (tx) => {
    await tx`select pg_advisory_xact_lock(7000)`
    await tx`
      create table if not exists migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`
    const applied = new Map(
      (await tx<{ name: string; checksum: string }[]>`select name, checksum from migrations`).map((row) => [
        row.name,
        row.checksum,
      ]),
    )
    for (const [name, checksum] of applied) {
      const known = migrations.find((migration) => migration.name === name)
      if (!known)
        throw new Error(
          `The database has migration ${name}, which this version of Foyer does not know. Run the newer version.`,
        )
      if (known.checksum !== checksum) throw new Error(`Migration ${name} was changed after it ran. Restore the file.`)
    }
    const pending = migrations.filter(({ name }) => !applied.has(name) && (last === undefined || name <= last))
    for (const { name, checksum, sql } of pending) {
      await tx.unsafe(sql)
      await tx`insert into migrations (name, checksum) values (${name}, ${checksum})`
    }
    return pending.map((migration) => migration.name)
  })
}

async function readMigrations() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}
