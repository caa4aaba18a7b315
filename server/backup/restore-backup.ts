import { open } from 'node:fs/promises'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { copyIn } from './copy.ts'
import { proveWhole, readEnclosed, refuse } from './envelope.ts'
import * as queries from './queries.ts'
import { startTally } from './tally.ts'
import { type Header, readText, type TableEnd, type TableHeader, type TextEnd, type TextReader } from './text.ts'

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
  await using file = await open(path, 'r')
  await proveWhole(file)
  const chunks = readEnclosed(file, (await file.stat()).size)
  try {
    const text = readText(chunks)
    const header = await text.json<Header>()
    if ((await queries.listMigrations(db)).length === 0) await migrateUpTo(db, header.migrations.at(-1)?.name)
    const total = await transaction(db, (tx) => fill(tx, header, text, options))
    await migrate(db)
    return { ...total, createdAt: header.created_at, foyerVersion: header.foyer_version }
  } finally {
    await chunks.return?.()
  }
}

const migrateUpTo: (db: Pool, last?: string) => Promise<string[]> = migrate

async function fill(tx: Tx, header: Header, text: TextReader, options: RestoreOptions): Promise<TextEnd> {
  await queries.lockSchema(tx, 'exclusive')
  await queries.settleForCopy(tx)
  refuseOtherSchema(header, await queries.listMigrations(tx))
  const tables = (await queries.listTables(tx)).filter(({ name }) => header.tables.includes(name))
  await queries.lockTables(tx, tables, 'access exclusive')
  if (await queries.hasAccounts(tx))
    throw refuse(
      'This installation has accounts. Only an empty one can be filled: name another DATA_DIR or DATABASE_URL.',
    )
  const rules = await queries.listRules(tx)
  for (const { lift } of rules) await tx.unsafe(lift)
  await queries.emptyTables(tx, tables)
  const total = await loadTables(tx, header, tables, text, options)
  for (const sequence of header.sequences) await queries.setSequence(tx, sequence)
  for (const { restore } of rules) await tx.unsafe(restore)
  await queries.analyzeTables(tx, tables)
  return total
}

/** Rows fit only the schema that they were read from. */
function refuseOtherSchema({ migrations, foyer_version }: Header, installed: queries.Migration[]): void {
  const known = new Map(installed.map(({ name, checksum }) => [name, checksum]))
  const changed = migrations.find(({ name, checksum }) => known.has(name) && known.get(name) !== checksum)
  if (changed)
    throw refuse(`Migration ${changed.name} differs from the one of the backup. Restore with Foyer ${foyer_version}.`)
  if (migrations.some(({ name }) => !known.has(name)))
    throw refuse(`The backup is of a newer Foyer (${foyer_version}). Install that version, and restore with it.`)
  if (installed.length > migrations.length)
    throw refuse(
      `The backup is of an older Foyer (${foyer_version}), and this database was already set up by this one. ` +
        'Restore into one that no Foyer has opened: name an empty DATA_DIR, or an empty database in DATABASE_URL.',
    )
}

async function loadTables(
  tx: Tx,
  header: Header,
  tables: queries.Table[],
  text: TextReader,
  { onProgress }: RestoreOptions,
): Promise<TextEnd> {
  const total = { tables: 0, rows: 0 }
  for (const name of header.tables) {
    const { table, columns } = await text.json<TableHeader>()
    const target = tables.find((one) => one.name === table)
    if (table !== name || !target || target.columns.join() !== columns.join())
      throw refuse(`The backup does not fit: table ${name} differs here. Nothing was changed.`)
    total.rows += await loadTable(tx, target, text, onProgress)
    total.tables++
  }
  const end = await text.json<TextEnd>()
  if (end.tables !== total.tables || end.rows !== total.rows) throw refuse(contradiction)
  return total
}

async function loadTable(tx: Tx, table: queries.Table, text: TextReader, onProgress: RestoreOptions['onProgress']) {
  const tally = startTally()
  await copyIn(tx, queries.copyInto(table), passed(text.rows()))
  const end = await text.json<TableEnd>()
  if (end.rows !== tally.rows || end.sha256 !== tally.sha256()) throw refuse(contradiction)
  return tally.rows

  async function* passed(rows: AsyncIterable<Buffer>) {
    for await (const lines of rows) {
      tally.add(lines)
      yield lines
      onProgress?.(table.name, tally.rows)
    }
  }
}

const contradiction = 'The backup contradicts itself; nothing was changed. Take an older one, and report this.'
