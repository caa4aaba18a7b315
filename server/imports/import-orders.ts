import type { Account } from '../accounts/account.ts'
import { type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { BadLines, ImportRefused } from './bad-lines.ts'
import { openCounter } from './count-orders.ts'
import type { ImportOutcome, OrderSink } from './order-sink.ts'
import type { Progress } from './progress.ts'
import { type Bunch, readOrders } from './read-orders.ts'
import { listKnownSlugs, lockImports } from './staging-queries.ts'
import { keepWordLists, type WordLists } from './word-lists.ts'
import { openWriter } from './write-orders.ts'

const linesBetweenProgress = 1000

export interface ImportOptions {
  /** Makes the events that the file names and the account does not have. */
  createEvents: boolean
  /** Checks and counts everything and writes nothing. */
  dryRun: boolean
  now: Date
  onProgress?: Progress
}

/**
 * Imports paid orders, one a line of JSON (contract section 6), all of them or none, in one transaction: orders are
 * written while the file is read, what others wait for last. The first bad line takes back what was written; the lines
 * after it are only read.
 *
 * Throws ImportRefused with the bad lines, 409 where another import of the account is running.
 */
export async function importOrders(
  db: Pool,
  account: Account,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const badLines = new BadLines()
  const knownSlugs = new Set<string>()
  const rules = { ...account, now: options.now, createEvents: options.createEvents, knownSlugs }
  const bunches = readOrders(source, rules, badLines)
  const lists = options.dryRun ? undefined : keepWordLists(db)
  try {
    return await transaction(db, async (tx) => {
      if (!(await lockImports(tx, account.id)))
        throw conflict('Another import for this account is running. Wait for its end')
      for (const slug of await listKnownSlugs(tx, account.id)) knownSlugs.add(slug)
      return readAndTake(bunches, badLines, await openSink(tx, account, options, lists), options)
    })
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    for await (const _ of bunches); // for the other bad lines
    throw new ImportRefused(badLines)
  } finally {
    await lists?.end()
  }
}

function openSink(
  tx: Tx,
  account: Account,
  { dryRun, now, onProgress = () => {} }: ImportOptions,
  lists: WordLists | undefined,
): Promise<OrderSink> {
  return dryRun ? openCounter(tx, account.id) : openWriter(tx, account, { now, lists, onProgress })
}

/** One bunch is read and made ready while the one before is on its way. */
async function readAndTake(
  bunches: AsyncGenerator<Bunch>,
  badLines: BadLines,
  sink: OrderSink,
  { onProgress = () => {} }: ImportOptions,
): Promise<ImportOutcome> {
  let told = 0
  try {
    for (;;) {
      const { value, done } = await bunches.next()
      if (badLines.total > 0) throw new ImportRefused(badLines)
      if (done) return await sink.end()
      if (value.lastLine >= told + linesBetweenProgress) {
        told = value.lastLine
        await onProgress(told, 'reading')
      }
      await sink.take(value.orders)
    }
  } finally {
    // Where the file could not be read to its end: what is still written must be part of the transaction.
    await sink.settle()
  }
}
