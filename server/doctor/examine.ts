import { inSnapshot, type Pool, type Tx, transaction } from '../platform/database.ts'
import type { Check, Findings } from './check.ts'
import { checks } from './checks.ts'
import { listWarnings } from './warnings.ts'

export interface CheckResult extends Findings {
  /** The promise, in plain words. */
  name: string
  ok: boolean
}

export interface Report {
  /** Every promise holds. Warnings don't count. */
  ok: boolean
  checks: CheckResult[]
  warnings: string[]
}

/**
 * Recomputes everything that Foyer derives and promises, from the rows that it comes from. Reads one snapshot and writes
 * nothing, so it may run while tickets are sold. `now` decides which holds still count.
 */
export async function examine(db: Pool, now: Date): Promise<Report> {
  return inSnapshot(db, (tx) => examineIn(tx, now))
}

/** The same in the caller's transaction, for all promises or those that are `chosen`. */
export async function examineIn(tx: Tx, now: Date, chosen = checks): Promise<Report> {
  await readWholeTables(tx)
  const results: CheckResult[] = []
  for (const check of chosen) results.push(await run(tx, check, now))
  const { examples: warnings } = await find(tx, { name: '', find: warn }, now)
  return { ok: results.every(({ ok }) => ok), checks: results, warnings }
}

async function run(tx: Tx, check: Check, now: Date): Promise<CheckResult> {
  const { broken, examples } = await find(tx, check, now)
  return { name: check.name, ok: broken === 0, broken, examples }
}

async function warn(tx: Tx, now: Date): Promise<Findings> {
  return { broken: 0, examples: await listWarnings(tx, now) }
}

/** A missing table or an unreadable page is a finding, not the end of the visit. */
async function find(tx: Tx, check: Check, now: Date): Promise<Findings> {
  try {
    return await transaction(tx, (inner) => check.find(inner, now))
  } catch (error) {
    const refusal = describeRefusal(error)
    if (refusal === undefined) throw error
    return { broken: 1, examples: [`could not be checked: ${refusal}`] }
  }
}

/** What PostgreSQL said of a query that it can't answer; undefined if it is gone, or the error is our own. */
function describeRefusal(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!(error instanceof Error) || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57)/.test(code)) return undefined
  // Class 22 shows the value that it stumbled over, which may be personal.
  return code.startsWith('22') ? `SQLSTATE ${code}` : `${error.message} (SQLSTATE ${code})`
}

/** Indexes are not believed: a damaged one would hide just the rows that are looked for. */
async function readWholeTables(tx: Tx): Promise<void> {
  await tx`
    select set_config(name, value, true)
    from (values ('enable_indexscan', 'off'), ('enable_indexonlyscan', 'off'), ('enable_bitmapscan', 'off'),
                 ('jit', 'off'), ('work_mem', '64MB'), ('statement_timeout', '0')) s (name, value)`
}
