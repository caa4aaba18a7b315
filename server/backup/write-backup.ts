import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { copyOut } from '../platform/copy.ts'
import type { Pool } from '../platform/database.ts'
import { wireTime } from '../platform/time.ts'
import { compress, enclose } from './envelope.ts'
import { copyOutOf } from './queries.ts'
import { explainDisk, refuse } from './refusals.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'
import { startTally } from './tally.ts'
import { endOfRows, jsonLine, type TextEnd } from './text.ts'

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
 * it: it holds personal data and the hashes of passwords. Needs two connections. Throws a Refusal where the file is there
 * already or can't be written.
 */
export async function writeBackup(db: Pool, file: string, options: BackupOptions): Promise<BackupResult> {
  const partial = `${file}.partial`
  if (existsSync(file)) throw refuse(`${file} is there already. Name a file that is not.`)
  await using output = await openNew(partial)
  try {
    const total = await readSnapshot(db, (snapshot) => writeText(snapshot, output, options))
    await output.sync()
    const { size: bytes } = await output.stat()
    await giveName(partial, file)
    return { ...total, bytes }
  } catch (error) {
    await rm(partial, { force: true })
    throw explainDisk(error, `write ${file}`)
  }
}

async function openNew(partial: string): Promise<FileHandle> {
  try {
    return await open(partial, 'wx', 0o600)
  } catch (error) {
    if (existsSync(partial))
      throw refuse(`${partial} is there: another backup is writing it, or was cut off. If none is running, delete it.`)
    throw explainDisk(error, `write ${partial}`)
  }
}

/** A crash after this finds the file under its name. */
async function giveName(partial: string, file: string): Promise<void> {
  if (existsSync(file)) throw refuse(`${file} has come to be meanwhile. Name a file that is not there.`)
  await rename(partial, file)
  await using folder = await open(dirname(file), 'r')
  await folder.sync()
}

async function writeText(snapshot: Snapshot, output: FileHandle, options: BackupOptions): Promise<TextEnd> {
  const total = { tables: 0, rows: 0 }
  await pipeline(tellAll(snapshot, total, options), compress(), enclose, (chunks) => output.writeFile(chunks))
  return total
}

async function* tellAll(
  { tx, header, tables }: Snapshot,
  total: TextEnd,
  { now, onProgress }: BackupOptions,
): AsyncGenerator<Buffer | string, void, void> {
  yield jsonLine({ ...header, created_at: wireTime(now) })
  for (const table of tables) {
    const tally = startTally()
    yield jsonLine({ table: table.name, columns: table.columns })
    for await (const lines of copyOut(tx, copyOutOf(table))) {
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
