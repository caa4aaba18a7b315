import { existsSync } from 'node:fs'
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { wireTime } from '../platform/time.ts'
import { copyOut } from './copy.ts'
import { compress, enclose, refuse } from './envelope.ts'
import * as queries from './queries.ts'
import { startTally } from './tally.ts'
import { endOfRows, type Header, jsonLine } from './text.ts'

export interface BackupOptions {
  now: Date
  /** Told again and again how many rows of a table are written. */
  onProgress?: (table: string, rows: number) => void
}

export interface BackupResult {
  tables: number
  rows: number
  /** Of the file. */
  bytes: number
}

/**
 * Writes everything in the database to a new file, as it is at one moment, while others go on buying. The file is there
 * once it is whole and on the disk; until then, and after a crash, there is only FILE.partial. Only its owner may read
 * it: it holds personal data and password hashes. Throws a Refusal where the file is there already.
 */
export async function writeBackup(db: Pool, file: string, options: BackupOptions): Promise<BackupResult> {
  const partial = `${file}.partial`
  if (existsSync(file)) throw refuse(`${file} is there already. Name a file that is not.`)
  await using output = await openNew(partial)
  try {
    const total = await inSnapshot(db, (tx, contents) => writeText(tx, contents, output, options))
    await output.sync()
    const { size: bytes } = await output.stat()
    if (existsSync(file)) throw refuse(`${file} has come to be meanwhile. Name a file that is not there.`)
    await rename(partial, file)
    await keepName(file)
    return { ...total, bytes }
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function openNew(partial: string): Promise<FileHandle> {
  try {
    return await open(partial, 'wx', 0o600)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error // what open throws has a code
    throw refuse(`${partial} is there: another backup is writing it, or was cut off. If none is running, delete it.`)
  }
}

/** After a crash the file is still there under its name. */
async function keepName(file: string): Promise<void> {
  await using folder = await open(dirname(file), 'r')
  await folder.sync()
}

interface Contents {
  header: Omit<Header, 'created_at'>
  tables: queries.Table[]
}

/**
 * Lets `read` see one moment of the database. No migration may change a table before the tables are held: the snapshot
 * would then see rows of the one schema through the catalogue of the other.
 */
async function inSnapshot<T>(db: Pool, read: (tx: Tx, contents: Contents) => Promise<T>): Promise<T> {
  const result = await db.begin('isolation level repeatable read read only', async (tx) => {
    const contents = await transaction(db, async (turn) => {
      await queries.lockSchema(turn, 'shared')
      return listContents(tx)
    })
    return read(tx, contents)
  })
  return result as T // `begin` unwraps arrays of promises, which no result is
}

async function listContents(tx: Tx): Promise<Contents> {
  await queries.settleForCopy(tx)
  const tables = await queries.listTables(tx)
  const migrations = await queries.listMigrations(tx)
  await queries.lockTables(tx, tables, 'access share')
  const sequences = await queries.listSequences(tx)
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const names = tables.map(({ name }) => name)
  return { header: { foyer_backup: 1, foyer_version: version, migrations, sequences, tables: names }, tables }
}

async function writeText(tx: Tx, contents: Contents, output: FileHandle, options: BackupOptions) {
  const total = { tables: 0, rows: 0 }
  const text = tellAll(tx, contents, total, options)
  try {
    await pipeline(text, compress(), enclose, (chunks) => output.writeFile(chunks))
  } finally {
    await text.return() // where the disk is full, a copy is still under way
  }
  return total
}

async function* tellAll(
  tx: Tx,
  { header, tables }: Contents,
  total: { tables: number; rows: number },
  { now, onProgress }: BackupOptions,
): AsyncGenerator<Buffer | string, void, void> {
  yield jsonLine({ ...header, created_at: wireTime(now) })
  for (const table of tables) {
    const tally = startTally()
    yield jsonLine({ table: table.name, columns: table.columns })
    for await (const lines of copyOut(tx, queries.copyOutOf(table))) {
      tally.add(lines)
      yield lines
      onProgress?.(table.name, tally.rows)
    }
    yield endOfRows
    yield jsonLine({ rows: tally.rows, sha256: tally.sha256() })
    total.tables++
    total.rows += tally.rows
  }
  yield jsonLine(total)
}
