import { randomBytes } from 'node:crypto'
import type { Db } from './database.ts'
import { type Column, type Marks, rowReader } from './row-reader.ts'
import { describe, plain, type Sql, sql } from './sql.ts'

/** ASCII's own: record separator, unit separator, group separator. */
const separators: Marks = { row: '\x1e', cell: '\x1f', nothing: '\x1d' }

/** Drawn for each process, as the boundary of a multipart message is: no text holds them. */
const drawn = randomBytes(9).toString('base64url')
const boundaries: Marks = { row: `\x1e${drawn}`, cell: `\x1f${drawn}`, nothing: `\x1d${drawn}` }

/** How rows are written into one text, as SQL, and read from it. */
export interface TextForm {
  /** The rows of a statement with columns of these names; null where there are none. */
  write: (rows: Sql) => Sql
  /** What reads them, once it has asked for the types of these rows. Undefined where a text holds a separator. */
  reader: (db: Db, rows: () => Sql) => Promise<Reader>
}

type Reader = (text: string | null) => object[] | undefined

/** The short form, which nearly all rows can take, and the one that all can. */
export function textForms(names: readonly string[]): [TextForm, TextForm] {
  return [formWith(names, separators), formWith(names, boundaries)]
}

/** The numbers of rows and of nulls come first: with a text that holds separators they do not agree with what was read. */
function formWith(names: readonly string[], marks: Marks): TextForm {
  const cells = names.map((name) => `coalesce(r.${name}::text, '${marks.nothing}')`)
  const nulls = `sum(num_nulls(${names.map((name) => `r.${name}`).join(', ')}))`
  const parts = ['count(*)', nulls, `string_agg(${cells.join(` || '${marks.cell}' || `)}, '${marks.row}')`]
  const text = plain(parts.join(` || '${marks.row}' || `))
  let reader: Promise<Reader> | undefined
  return {
    write: (rows) => sql`(select ${text} from (${rows}) r)`,
    reader: (db, rows) => {
      reader ??= describe(db, rows()).then((columns) => readerWith(columns, marks))
      reader.catch(() => {
        reader = undefined
      })
      return reader
    },
  }
}

function readerWith(columns: readonly Column[], marks: Marks): Reader {
  const read = rowReader(columns, marks)
  return (text) => {
    if (text === null) return []
    const [count, nothings, ...lines] = text.split(marks.row)
    const found = lines.length === Number(count) ? read(lines) : undefined
    return found?.nothings === Number(nothings) ? found?.rows : undefined
  }
}
