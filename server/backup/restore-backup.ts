import { type FileHandle, open } from 'node:fs/promises'
import { updateWaitingFailed } from '../mails/queries.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { migrateJobs } from '../platform/jobs/job-schema.ts'
import { migrate } from '../platform/migrations.ts'
import { proveWhole, readEnclosed } from './envelope.ts'
import { loadTables } from './load-tables.ts'
import * as queries from './queries.ts'
import { explainDatabase, explainDisk, refuse } from './refusals.ts'
import { liftRules, listRules, restoreRules } from './rule-queries.ts'
import { type Header, readText, type TextEnd, type TextReader } from './text.ts'

export interface RestoreOptions {
  /** Told again and again how many rows of a table are read. */
  onProgress?: (table: string, rows: number) => void
}

export interface RestoreResult {
  tables: number
  rows: number
  /** When the backup was taken, and by which version of Foyer. */
  createdAt: string
  foyerVersion: string
}

/**
 * Fills an empty installation with a backup: all of it, or nothing. The file is proven whole before anything changes,
 * and every foreign key is proven anew. Into a database that no Foyer ever opened, the backup of an older version goes
 * as well: it is loaded into its own schema and then brought up to date. Throws a Refusal with the cure where the file is
 * damaged or of a newer Foyer, or the installation is not empty.
 */
export async function restoreBackup(db: Pool, path: string, options: RestoreOptions = {}): Promise<RestoreResult> {
  try {
    await using file = await open(path, 'r')
    await proveWhole(file)
    return await restoreProven(db, file, options)
  } catch (error) {
    throw explainDisk(explainDatabase(error), `read ${path}`)
  }
}

async function restoreProven(db: Pool, file: FileHandle, options: RestoreOptions): Promise<RestoreResult> {
  const chunks = readEnclosed(file, (await file.stat()).size)
  try {
    const text = readText(chunks)
    const header = await text.json<Header>()
    if ((await queries.listMigrations(db)).length === 0) await migrate(db, header.migrations.at(-1)?.name)
    const total = await transaction(db, (tx) => fill(tx, header, text, options))
    await migrate(db)
    await migrateJobs(db)
    await updateWaitingFailed(db, restored, new Date(header.created_at))
    return { ...total, createdAt: header.created_at, foyerVersion: header.foyer_version }
  } finally {
    await chunks.return?.()
  }
}

/** They may have been sent since: better a mail too few, which anyone can ask for again, than one twice. */
const restored = 'It waited when the backup was taken, and may have been sent since'

async function fill(tx: Tx, header: Header, text: TextReader, { onProgress }: RestoreOptions): Promise<TextEnd> {
  await queries.lockSchema(tx, 'exclusive')
  await queries.settleForCopy(tx)
  refuseOtherSchema(header, await queries.listMigrations(tx))
  const tables = (await queries.listTables(tx)).filter(({ name }) => header.tables.includes(name))
  await queries.lockTables(tx, tables, 'access exclusive')
  if (await queries.hasAccounts(tx))
    throw refuse(
      'This installation has accounts; only an empty one can be filled. Name another DATA_DIR or DATABASE_URL.',
    )
  const rules = await listRules(tx)
  await liftRules(tx, rules)
  await queries.emptyTables(tx, tables)
  const total = await loadTables(tx, header.tables, tables, text, onProgress)
  await queries.setSequences(tx, header.sequences)
  await restoreRules(tx, rules)
  await queries.analyzeTables(tx, tables)
  return total
}

/** Rows fit only the schema that they were read from. */
function refuseOtherSchema({ migrations, foyer_version }: Header, installed: queries.Migration[]): void {
  const known = new Map(installed.map(({ name, checksum }) => [name, checksum]))
  if (migrations.some(({ name }) => !known.has(name)))
    throw refuse(`The backup is of a newer Foyer (${foyer_version}). Install that version, and restore with it.`)
  if (migrations.some(({ name, checksum }) => known.get(name) !== checksum))
    throw refuse(`The backup is of a Foyer with other tables (${foyer_version}). Restore with that version.`)
  if (installed.length > migrations.length)
    throw refuse(
      `The backup is of an older Foyer (${foyer_version}), and this database was set up by a newer one already. ` +
        'Restore into a database that no Foyer has opened: an empty DATA_DIR, or an empty database in DATABASE_URL.',
    )
}
