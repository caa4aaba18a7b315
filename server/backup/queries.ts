import type { Db, Tx } from '../platform/database.ts'

export interface Migration {
  name: string
  checksum: string
}

export interface Table {
  name: string
  /** Those that hold something of their own: what PostgreSQL makes of other columns it makes again. */
  columns: string[]
}

export interface Sequence {
  name: string
  lastValue: string
}

/** The migrations that ran, in order; none in a database that Foyer never saw. */
export async function listMigrations(db: Db): Promise<Migration[]> {
  const [{ known }] = await db<[{ known: boolean }]>`select to_regclass('migrations') is not null as known`
  return known ? db<Migration[]>`select name, checksum from migrations order by name collate "C"` : []
}

/** Every table but the list of migrations, read from the catalogue, so that a new one is among them by itself. */
export async function listTables(db: Db): Promise<Table[]> {
  return db<Table[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
    group by c.relname
    order by c.relname collate "C"`
}

/** The sequences that gave out a number, with the last one. */
export async function listSequences(db: Db): Promise<Sequence[]> {
  return db<Sequence[]>`
    select sequencename as name, last_value::text from pg_sequences
    where schemaname = current_schema() and last_value is not null
    order by sequencename collate "C"`
}

export async function setSequences(tx: Tx, sequences: Sequence[]): Promise<void> {
  await tx`
    select setval(quote_ident(name)::regclass, last_value)
    from unnest(${sequences.map(({ name }) => name)}::text[], ${sequences.map(({ lastValue }) => lastValue)}::text[]::bigint[])
      s (name, last_value)`
}

export async function hasAccounts(db: Db): Promise<boolean> {
  const [row] = await db<[{ found: boolean }]>`select exists (select from accounts) as found`
  return row.found
}

/** Waits for whoever brings the schema up to date, and keeps others from it until the transaction ends. */
export async function lockSchema(tx: Tx, mode: 'shared' | 'exclusive'): Promise<void> {
  await (mode === 'shared' ? tx`select pg_advisory_xact_lock_shared(7000)` : tx`select pg_advisory_xact_lock(7000)`)
}

export async function lockTables(tx: Tx, tables: Table[], mode: 'access share' | 'access exclusive'): Promise<void> {
  await tx.unsafe(`lock table ${namesOf(tables)} in ${mode} mode`)
}

export async function emptyTables(tx: Tx, tables: Table[]): Promise<void> {
  await tx.unsafe(`truncate ${namesOf(tables)}`)
}

/** So that the planner knows what it has from the first query on. */
export async function analyzeTables(tx: Tx, tables: Table[]): Promise<void> {
  await tx.unsafe(`analyze ${namesOf(tables)}`)
}

/** What COPY writes is then the same everywhere, however long it takes. */
export async function settleForCopy(tx: Tx): Promise<void> {
  await tx`
    select set_config(name, value, true)
    from (values ('datestyle', 'ISO'), ('intervalstyle', 'postgres'), ('bytea_output', 'hex'), ('extra_float_digits', '3'))
      s (name, value)`
  await tx`
    select set_config(name, '0', true) from pg_settings
    where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`
}

export const copyOutOf = ({ name, columns }: Table) => `copy ${quoted(name)} (${columns.map(quoted)}) to stdout`
/** `freeze`: no reader of then or later has to look whether the rows are to be seen. Only for tables just emptied. */
export const copyInto = ({ name, columns }: Table) =>
  `copy ${quoted(name)} (${columns.map(quoted)}) from stdin (freeze)`

const namesOf = (tables: Table[]) => tables.map(({ name }) => quoted(name)).join(', ')
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
