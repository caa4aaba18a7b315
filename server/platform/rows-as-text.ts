import { randomBytes } from 'node:crypto'
import type { Db } from './database.ts'
import { type Marks, rowReader } from './row-reader.ts'
import { describe, plain, type Sql, sql } from './sql.ts'

/** Drawn for each process, as the boundary of a multipart message is: no text can hold them. */
const drawn = randomBytes(9).toString('base64url')
const marks: Marks = { row: `\x1e${drawn}`, cell: `\x1f${drawn}`, nothing: `\x1d${drawn}` }

/** All rows of a statement with columns of these names as one text, or null where there are none, as SQL. */
export function rowsAsText(names: readonly string[]): (rows: Sql) => Sql {
  const cells = names.map((name) => `coalesce(r.${name}::text, '${marks.nothing}')`)
  const line = plain(`concat_ws('${marks.cell}', ${cells.join(', ')})`)
  const mark = plain(`'${marks.row}'`)
  return (rows) => sql`(select string_agg(${line}, ${mark}) from (${rows}) r)`
}

/** Reads what `rowsAsText` gives for `rows`. */
export async function textReader(db: Db, rows: Sql): Promise<(text: string | null) => object[]> {
  const read = rowReader(await describe(db, rows), marks)
  return (text) => (text === null ? [] : read(text))
}
