import postgres from 'postgres'
import { type Destination, longDateStyle, openDatabaseSocket } from './database-socket.ts'
import { untilLost } from './transaction-end.ts'

type Types = { bigint: bigint }
export type Pool = postgres.Sql<Types>
export type Tx = postgres.TransactionSql<Types>
/** Where a query runs: the pool, or its caller's transaction. */
export type Db = postgres.ISql<Types>
/** A piece of SQL with its parameters, to be put into a query. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>
export type Query<Row extends postgres.MaybeRow> = postgres.PendingQuery<Row[]>

interface PoolOptions {
  max?: number
  name?: string
  plansAnew?: boolean
  portNow?: () => number
}

/**
 * Opens a pool; nothing connects before the first query. Columns come in camelCase; `bigint` columns as BigInt,
 * `timestamptz` as the wire's text ("2026-04-22T12:34:50Z"), dates as text: nothing is parsed only to be printed again.
 * `portNow` is asked for each connection, where the server may come back on another port than the URL's.
 *
 * A statement is planned once for all values and must find its index with any: planning it anew can cost more than
 * running it. A search is best planned for its own words: `plansAnew` is for those who search or read all there is.
 */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const planMode = options.plansAnew ? 'force_custom_plan' : 'force_generic_plan'
  const connection = {
    application_name: options.name ?? 'foyer',
    TimeZone: 'UTC',
    DateStyle: longDateStyle,
    plan_cache_mode: planMode,
  }
  const settings = {
    max: options.max ?? 12,
    onnotice: () => {},
    connect_timeout: 10,
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    connection,
    transform: { column: { from: postgres.toCamel, to: postgres.fromCamel } },
    types: {
      bigint: {
        to: 20,
        from: [20],
        serialize: (value: bigint) => value.toString(),
        parse: (text: string) => BigInt(text),
      },
      date: { to: 1184, from: [1184], serialize: instant, parse: wireTimeOf },
      calendar: { to: 1082, from: [1082, 1114], serialize: (text: string) => text, parse: (text: string) => text },
    },
    socket: (to: Destination) => {
      if (options.portNow) to.port = [options.portNow()]
      return openDatabaseSocket(to)
    },
  }
  return postgres(url, settings) as unknown as Pool // the declared types know neither `socket` nor that a date may be text
}

/** Runs `act` in one transaction, or inside the one that `db` is: whole, or not at all. */
export function transaction<T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> {
  const here = db as Pool | Tx // what Db is, seen from the outside
  const begin = (inside: (tx: Tx) => Promise<T>) => ('begin' in here ? here.begin(inside) : here.savepoint(inside))
  return untilLost(begin as (inside: (tx: Tx) => Promise<T>) => Promise<T>, act) // both unwrap arrays of promises, which no act returns
}

/** Runs `act` on one snapshot of everything, and lets it write nothing. */
export function inSnapshot<T>(db: Pool, act: (tx: Tx) => Promise<T>): Promise<T> {
  const begin = (inside: (tx: Tx) => Promise<T>) => db.begin('isolation level repeatable read read only', inside)
  return untilLost(begin as (inside: (tx: Tx) => Promise<T>) => Promise<T>, act) // as above
}

/** A snapshot that stays open until `close`; what is asked of it after its connection broke is refused. */
export function openSnapshot(db: Pool): Promise<{ tx: Tx; close(): void }> {
  return new Promise((resolve, reject) => {
    inSnapshot(db, (tx) => new Promise<void>((close) => resolve({ tx, close }))).catch(reject)
  })
}

/** Two waited for each other, and this one was chosen to give way: it may try again. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === '40P01'
}

export function isDatabaseError(error: unknown): error is postgres.PostgresError {
  return error instanceof postgres.PostgresError
}

/** A lock was not to be had within the transaction's `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

/** The database can't be reached or is going down: nothing was decided, the caller may try again. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error)
  return /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|CONNECT|CONNECTION_|57P0|53300|08)/.test(code)
}

/** The name of the violated constraint, or undefined if the error is something else. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!isDatabaseError(error) || !error.code.startsWith('23')) return undefined
  return error.constraint_name
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function instant(value: Date | string): string {
  return typeof value === 'string' ? value : value.toISOString()
}

/** PostgreSQL prints UTC instants as "2026-04-22 12:34:50+00", with a fraction where there is one. */
function wireTimeOf(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}Z`
}
