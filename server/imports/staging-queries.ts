import { copyIn } from '../platform/copy.ts'
import type { Tx } from '../platform/database.ts'

/** One import of an account at a time, until the transaction ends. False where another is running. */
export async function lockImports(tx: Tx, accountId: number): Promise<boolean> {
  const [row] = await tx<[{ locked: boolean }]>`select pg_try_advisory_xact_lock(7003, ${accountId}) as locked`
  // A statement that runs for a minute would not notice that nobody waits for it any more, and hold on to its locks.
  await tx`set local client_connection_check_interval = '1s'`
  await tx`set local plan_cache_mode = force_custom_plan` // a part of the file is no page of a list
  return row.locked
}

/** Every slug that an event of the account has or had. */
export async function listKnownSlugs(tx: Tx, accountId: number): Promise<Set<string>> {
  const rows = await tx<{ slug: string }[]>`select slug from event_slugs where account_id = ${accountId}`
  return new Set(rows.map((row) => row.slug))
}

/** A table that only this transaction sees and that vanishes with it: who bought by each line, as it says. */
export async function createImportBuyers(tx: Tx): Promise<void> {
  await tx.unsafe(`
    create temporary table import_buyers (
      number integer, customer_id integer, known boolean, event_id integer, line integer, email text, name text,
      company text, phone text, marketing_consent boolean, paid_at timestamptz(0), net_minor bigint
    ) on commit drop`)
}

export async function copyImportBuyers(tx: Tx, rows: Iterable<string>): Promise<void> {
  await copyIn(tx, 'copy import_buyers from stdin', rows)
}

/** The same for a dry run: refs and buyers, by their lines. */
export async function createStagedOrders(tx: Tx): Promise<void> {
  await tx.unsafe('create temporary table staged_orders (line integer, ref text, email text) on commit drop')
}

export async function copyStagedOrders(tx: Tx, rows: Iterable<string>): Promise<void> {
  await copyIn(tx, 'copy staged_orders from stdin', rows)
}

/** Leaves out what the account has imported before, and a ref's second mention. Resolves to how many lines that were. */
export async function deleteKnownOrders(tx: Tx, accountId: number): Promise<number> {
  await tx`analyze staged_orders`
  const known = await tx`
    delete from staged_orders d
    using ${withAccount(tx, accountId)} s join orders o on o.account_id = s.account_id and o.import_ref = s.ref
    where d.line = s.line`
  const repeated = await tx`
    delete from staged_orders s
    using (select ref, min(line) as line from staged_orders group by ref having count(*) > 1) first
    where s.ref = first.ref and s.line > first.line`
  return known.count + repeated.count
}

/** How many customers the staged orders would make. */
export async function countUnknownBuyers(tx: Tx, accountId: number): Promise<number> {
  const [row] = await tx<[{ count: number }]>`
    select count(distinct s.email)::integer as count from ${withAccount(tx, accountId)} s
    where not exists (select from customers c where c.account_id = s.account_id and c.email = s.email)`
  return row.count
}

/** With their account beside them, for the reason that `withAccount` of plan-queries.ts gives. */
function withAccount(tx: Tx, accountId: number) {
  return tx`(select *, ${accountId}::integer as account_id from staged_orders offset 0)`
}
