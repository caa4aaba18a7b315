import type { FastifyRequest } from 'fastify'
import type { Pool } from '../platform/database.ts'
import { ask, type Columns, columnsOf, type Sql, selected, selectedAll, sql } from '../platform/sql.ts'
import type { Account, Caller } from './account.ts'
import { noGoodToken } from './authenticate.ts'
import { callerByToken } from './queries.ts'

/** What is read of the caller's account: rows, and beside them one row of another shape. */
export interface Shape {
  ofRows: Sql
  ofBeside: Sql
  besideRows: Sql
}

/** Made once for each kind of question. A column of `beside` with the same name as one of `rows` has its type. */
export function shapeOf(rows: Columns, beside: Columns): Shape {
  const names = [...new Set([...Object.keys(rows), ...Object.keys(beside)])]
  return {
    ofRows: selected(names, rows),
    ofBeside: selectedAll(beside),
    besideRows: selected(names, columnsOf('beside', Object.keys(beside))),
  }
}

/** `from` and all that follows, for the rows and for what is beside them. They may name `callersAccount`. */
export interface Question {
  shape: Shape
  /** More for the statement's `with`, each beginning with a comma. */
  given?: Sql
  rows: Sql
  beside: Sql
}

/**
 * Finds out who is calling and what they want to know in one statement: one of its own for the token would cost as much
 * again as most answers. `beside` is undefined where it found nothing. Throws 401 without a good token.
 */
export async function askAs<Row extends object, Beside extends object>(
  request: FastifyRequest,
  db: Pool,
  { shape, given = sql``, rows, beside }: Question,
): Promise<{ account: Account; rows: Row[]; beside: Beside | undefined }> {
  if (!request.tokenHash) throw noGoodToken()
  // PostgreSQL gives the parts one after the other, each with nulls for what only the other has.
  const found = await ask<Row & { isBeside: boolean | null; caller: Caller | null }>(
    db,
    sql`
    with caller as materialized (${callerByToken(request.tokenHash)}) ${given}
    (select ${shape.ofRows}, null as is_beside, null as caller ${rows})
    union all
    (select ${shape.besideRows}, beside.is_beside, caller.caller
     from caller left join lateral (select ${shape.ofBeside}, true as is_beside ${beside}) beside on true)`,
  )
  const last = found.pop()
  if (!last?.caller) throw noGoodToken()
  request.caller = last.caller
  const isThere = last.isBeside !== null
  return { account: last.caller.account, rows: found, beside: isThere ? (last as unknown as Beside) : undefined } // its columns are those that were asked for
}
