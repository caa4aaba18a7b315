import type { FastifyRequest } from 'fastify'
import type { Pool } from '../platform/database.ts'
import { ask, type Columns, type Sql, selected, selectedAll, sql } from '../platform/sql.ts'
import type { Account, Caller } from './account.ts'
import { noGoodToken } from './authenticate.ts'
import { callerByToken } from './queries.ts'

/** The caller's account and its time zone, inside a `Question`. */
export const callersAccount = sql`(select account_id from caller)`
export const callersTimeZone = sql`(select time_zone from caller)`

/** What to read, and where from: `from` and all that follows. */
export interface Part {
  columns: Columns
  from: Sql
}

/** What is asked of the caller's account: rows, and beside them one row of another shape. */
export interface Question {
  /** More for the statement's `with`, each beginning with a comma. */
  given?: Sql
  rows: Part
  /** A column of the same name as one of `rows` has its type. */
  beside: Part
}

/**
 * Finds out who is calling and what they want to know in one statement: one of its own for the token would cost as much
 * again as most answers. `beside` is undefined where it found nothing. Throws 401 without a good token.
 */
export async function askAs<Row extends object, Beside extends object>(
  request: FastifyRequest,
  db: Pool,
  { given = sql``, rows, beside }: Question,
): Promise<{ account: Account; rows: Row[]; beside: Beside | undefined }> {
  if (!request.tokenHash) throw noGoodToken()
  const names = [...new Set([...Object.keys(rows.columns), ...Object.keys(beside.columns)])]
  const besides = Object.fromEntries(Object.keys(beside.columns).map((name) => [name, `beside.${name}`]))
  // PostgreSQL gives the parts one after the other, each with nulls for what only the other has.
  const found = await ask<Row & { isBeside: boolean | null; caller: Caller | null }>(
    db,
    sql`
    with caller as materialized (${callerByToken(request.tokenHash)}) ${given}
    (select ${selected(names, rows.columns)}, null as is_beside, null as caller ${rows.from})
    union all
    (select ${selected(names, besides)}, beside.is_beside, caller.caller
     from caller left join lateral (select ${selectedAll(beside.columns)}, true as is_beside ${beside.from}) beside on true)`,
  )
  const last = found.pop()
  if (!last?.caller) throw noGoodToken()
  request.caller = last.caller
  const isThere = last.isBeside !== null
  return { account: last.caller.account, rows: found, beside: isThere ? (last as unknown as Beside) : undefined } // its columns are those that were asked for
}
