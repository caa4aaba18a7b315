import { readFile } from 'node:fs/promises'
import { inSnapshot, type Pool, type Tx, transaction } from '../platform/database.ts'
import {
  listMigrations,
  listSequences,
  listTables,
  lockSchema,
  lockTables,
  settleForCopy,
  type Table,
} from './queries.ts'
import type { Header } from './text.ts'

export interface Snapshot {
  tx: Tx
  header: Omit<Header, 'created_at'>
  tables: Table[]
}

/**
 * Lets `read` see one moment of the database, while others go on writing. No migration may run until the tables are
 * held: the moment would have the rows of the old schema and the catalogue of the new one.
 */
export async function readSnapshot<T>(db: Pool, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return inSnapshot(db, async (tx) => {
    const snapshot = await transaction(db, async (turn) => {
      await lockSchema(turn, 'shared')
      return takeSnapshot(tx)
    })
    return read(snapshot)
  })
}

async function takeSnapshot(tx: Tx): Promise<Snapshot> {
  await settleForCopy(tx)
  const tables = await listTables(tx)
  const migrations = await listMigrations(tx)
  await lockTables(tx, tables, 'access share')
  // Sequences have no snapshot: read after it, they are never behind the ids in it.
  const sequences = await listSequences(tx)
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const names = tables.map(({ name }) => name)
  return { tx, tables, header: { foyer_backup: 1, foyer_version: version, migrations, sequences, tables: names } }
}
