import { connect, type Socket } from 'node:net'
import postgres from 'postgres'

type Types = { bigint: bigint }
export type Pool = postgres.Sql<Types>
export type Tx = postgres.TransactionSql<Types>
/** Where a query runs: the pool, or its caller's transaction. */
export type Db = postgres.ISql<Types>
/** A piece of SQL with its parameters, to be put into a query. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>
export type Query<Row extends postgres.MaybeRow> = postgres.PendingQuery<Row[]>

/**
 * Opens a pool; nothing connects before the first query. Columns come in camelCase; `bigint` columns as BigInt,
 * `timestamptz` as the wire's text ("2026-04-22T12:34:50Z"), dates as text: nothing is parsed only to be printed again.
 */
export function openPool(url: string, options: { max?: number; name?: string } = {}): Pool {
  const settings = {
    max: options.max ?? 12,
    onnotice: () => {},
    connect_timeout: 10,
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    connection: { application_name: options.name ?? 'foyer', TimeZone: 'UTC' },
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
    socket: openSocket,
  }
  return postgres(url, settings) as unknown as Pool // the declared types know neither `socket` nor that a date may be text
}

/**
 * The driver writes a query in pieces; without this each piece but the first waits for an acknowledgement that the other
 * side puts off for 40 ms (Nagle's algorithm). Of several hosts in the URL the first is used.
 */
function openSocket({ host, port, path }: { host: string[]; port: number[]; path?: string }): Socket {
  const to = path ? { path } : { host: host[0] ?? 'localhost', port: port[0] ?? 5432 }
  return connect({ ...to, noDelay: true })
}

/** Runs `act` in one transaction, or inside the one that `db` is: whole, or not at all. */
export function transaction<T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> {
  const here = db as Pool | Tx // what Db is, seen from the outside
  const run = 'begin' in here ? here.begin(act) : here.savepoint(act)
  return run as Promise<T> // both unwrap arrays of promises, which no act returns
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

/**
 * Plans the query anew for its own values. A named statement soon gets one plan for all values, and with that a rare
 * word is searched like a common one.
 */
export function plannedAnew<Query extends { then: unknown }>(query: Query): Query {
  const { options } = query as unknown as { options: { prepare: boolean } } // the driver reads it, its types hide it
  options.prepare = false
  return query
}
