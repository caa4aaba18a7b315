import type { FastifyRequest } from 'fastify'
import type { Pool } from '../platform/database.ts'
import { rowsAsText, textReader } from '../platform/rows-as-text.ts'
import { ask, type Columns, columnsOf, type Sql, selectedAll, sql } from '../platform/sql.ts'
import type { Account, Caller } from './account.ts'
import { noGoodToken } from './authenticate.ts'
import { callerByToken } from './queries.ts'

/** What is read of the caller's account: rows, and beside them one row of another shape. Made once for each kind of question. */
export class Shape {
  readonly rows: Sql
  readonly beside: Sql
  readonly besideNames: Sql
  readonly rowsAsText: (rows: Sql) => Sql
  #reader: ReturnType<typeof textReader> | undefined

  constructor(rows: Columns, beside: Columns) {
    this.rowsAsText = rowsAsText(Object.keys(rows))
    this.rows = selectedAll(rows)
    this.beside = selectedAll(beside)
    this.besideNames = selectedAll(columnsOf('beside', Object.keys(beside)))
  }

  /** What reads the rows, whose types are asked for once. */
  reader(db: Pool, rows: Sql): ReturnType<typeof textReader> {
    this.#reader ??= textReader(db, rows)
    this.#reader.catch(() => {
      this.#reader = undefined
    })
    return this.#reader
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
  const caller = sql`with caller as materialized (${callerByToken(request.tokenHash)}) ${given}`
  const asked = sql`select ${shape.rows} ${rows}`
  const read = await shape.reader(db, sql`${caller} ${asked}`)
  const [found] = await ask<Beside & { isBeside: boolean | null; caller: Caller; rowsAsText: string | null }>(
    db,
    sql`
    ${caller}
    select ${shape.besideNames}, beside.is_beside, caller.caller, ${shape.rowsAsText(asked)} as rows_as_text
    from caller left join lateral (select ${shape.beside}, true as is_beside ${beside}) beside on true`,
  )
  if (!found) throw noGoodToken()
  request.caller = found.caller
  const rowsFound = read(found.rowsAsText) as Row[] // its columns are those that were asked for
  return { account: found.caller.account, rows: rowsFound, beside: found.isBeside === null ? undefined : found }
}
