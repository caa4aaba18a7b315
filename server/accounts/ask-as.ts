import type { FastifyRequest } from 'fastify'
import type { Pool } from '../platform/database.ts'
import { type TextForm, textForms } from '../platform/rows-as-text.ts'
import { askUndecoded, type Columns, columnsOf, decoded, type Sql, selectedAll, sql } from '../platform/sql.ts'
import type { Account, Caller } from './account.ts'
import { noGoodToken } from './authenticate.ts'
import { callerByToken } from './queries.ts'

/** What is read of the caller's account: rows, and beside them one row of another shape. Made once for each kind of question. */
export class Shape {
  readonly rows: Sql
  readonly beside: Sql
  readonly besideNames: Sql
  readonly forms: readonly TextForm[]

  constructor(rows: Columns, beside: Columns) {
    this.forms = textForms(Object.keys(rows))
    this.rows = selectedAll(rows)
    this.beside = selectedAll(beside)
    this.besideNames = selectedAll(columnsOf('beside', Object.keys(beside)))
  }
}

/** `from` and all that follows, for the rows and for what is beside them. They may name `callersAccount`. */
export interface Question {
  shape: Shape
  /** Further joins to the caller, of one row at most. */
  given?: Sql
  rows: Sql
  beside: Sql
}

/**
 * Finds out who is calling and what they want to know in one statement: one of its own for the token would cost as much
 * again as most answers. `beside` is undefined where it found nothing. Texts hold a character for each byte of their UTF-8
 * (`askUndecoded`): they are to be sent as `encoding`. Throws 401 without a good token.
 *
 * `offset 0` lets PostgreSQL plan what is beside the rows for the one caller, and not for all of them at once.
 */
export async function askAs<Row extends object, Beside extends object>(
  request: FastifyRequest,
  lookups: Pool,
  { shape, given = sql``, rows, beside }: Question,
): Promise<{ account: Account; rows: Row[]; beside: Beside | undefined; encoding: 'latin1' }> {
  if (!request.tokenHash) throw noGoodToken()
  const asCaller = sql`from (${callerByToken(request.tokenHash)}) caller ${given}`
  const asked = sql`select ${shape.rows} ${rows}`
  for (const form of shape.forms) {
    const read = await form.reader(lookups, () => sql`select asked.* ${asCaller} cross join lateral (${asked}) asked`)
    const [found] = await askUndecoded<Beside & Found>(
      lookups,
      sql`
      select ${shape.besideNames}, beside.is_beside, caller.caller::text, ${form.write(asked)} as rows_as_text
      ${asCaller} left join lateral (select ${shape.beside}, true as is_beside ${beside} offset 0) beside on true`,
    )
    if (!found) throw noGoodToken()
    const caller: Caller = JSON.parse(decoded(found.caller))
    request.caller = caller
    const rowsFound = read(found.rowsAsText) as Row[] | undefined // its columns are those that were asked for
    const besideFound = found.isBeside === null ? undefined : found
    if (rowsFound) return { account: caller.account, rows: rowsFound, beside: besideFound, encoding: 'latin1' }
  }
  throw new Error('rows that no form can hold')
}

interface Found {
  isBeside: boolean | null
  caller: string
  rowsAsText: string | null
}
