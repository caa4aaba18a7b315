import type { Account } from '../accounts/account.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { applyImport } from './apply-import.ts'
import { countUnknownBuyers } from './plan-queries.ts'
import type { Progress } from './progress.ts'
import { stageLines } from './stage-lines.ts'
import {
  createStagingTables,
  deleteKnownOrders,
  indexStagedRows,
  listKnownSlugs,
  lockImports,
} from './staging-queries.ts'
import { keepWordLists, type WordLists } from './word-lists.ts'

export interface ImportOptions {
  /** Makes the events that the file names and the account does not have. */
  createEvents: boolean
  /** Checks and counts everything and writes nothing. */
  dryRun: boolean
  now: Date
  onProgress?: Progress
}

export interface ImportOutcome {
  imported: number
  /** Lines whose ref came earlier in the file or in an earlier import. */
  skipped: number
  /** Newly made ones. */
  customers: number
}

/**
 * Imports paid orders, one a line of JSON (contract section 6), all of them or none, in one transaction: first the file
 * is read and checked into tables that nobody else sees, then it is applied, what others wait for last.
 *
 * Throws ImportRefused with the bad lines, 409 where another import of the account is running.
 */
export async function importOrders(
  db: Pool,
  account: Account,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const lists = options.dryRun ? undefined : keepWordLists(db)
  try {
    return await transaction(db, (tx) => readAndApply(tx, account, source, { ...options, lists }))
  } finally {
    await lists?.end()
  }
}

async function readAndApply(
  tx: Tx,
  account: Account,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions & { lists: WordLists | undefined },
): Promise<ImportOutcome> {
  const { createEvents, dryRun, now, lists, onProgress = () => {} } = options
  if (!(await lockImports(tx, account.id)))
    throw conflict('Another import for this account is running. Wait for its end')
  await createStagingTables(tx)
  const rules = { ...account, now, createEvents, knownSlugs: await listKnownSlugs(tx, account.id) }
  const { orders, lastLine } = await stageLines(tx, source, rules, (lines) => onProgress(lines, 'reading'))
  await indexStagedRows(tx)
  const skipped = await deleteKnownOrders(tx, account.id)
  const imported = orders - skipped
  if (imported === 0) return { imported, skipped, customers: 0 }
  const customers = dryRun
    ? await countUnknownBuyers(tx, account.id)
    : await applyImport(tx, account, { lastLine, now, lists, onProgress })
  return { imported, skipped, customers }
}
