import { copyOut } from './copy.ts'
import type { Tx } from './database.ts'
import { rowReader } from './row-reader.ts'
import { describe, type Sql, type Value } from './sql.ts'

/**
 * All rows of the statement as `ask` would give them, in bunches, as fast as they are taken: by COPY, which PostgreSQL
 * goes on with while the last bunch is being read, and which costs a third of the same rows through a cursor.
 *
 * Texts hold a character for each byte of their UTF-8, to be written down again as Latin-1: rows that are only handed on
 * need not be decoded and encoded, which would cost as much again.
 */
export async function* copyRows<Row extends object>(tx: Tx, statement: Sql): AsyncGenerator<Row[]> {
  const columns = await describe(tx, statement)
  const readPlain = rowReader<Row>(columns, marks)
  const readEscaped = rowReader<Row>(columns, marks, unescaped)
  const { texts, values } = statement
  const literals = await quoted(tx, values)
  const text = texts.reduce((all, part, place) => `${all}${literals[place - 1]}${part}`)
  for await (const lines of copyOut(tx, `copy (${text}) to stdout`)) {
    const bunch = lines.toString('latin1', 0, lines.length - 1)
    const read = /\\[^N]/.test(bunch) ? readEscaped : readPlain
    const rows = bunch.split(marks.row)
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const found = read(rows.slice(from, from + rowsAtOnce))
      if (!found) throw new Error('a line of COPY with other columns than the statement')
      yield found.rows
    }
  }
}

/** What comes off the wire at once may be thousands; who reads it can let others go after each so many. */
const rowsAtOnce = 100

const marks = { row: '\n', cell: '\t', nothing: '\\N' }

/** COPY takes no parameters: PostgreSQL itself makes literals of them. */
async function quoted(tx: Tx, values: readonly Value[]): Promise<string[]> {
  const texts = values.map(textOf)
  const rows = await tx<{ literal: string }[]>`
    select quote_nullable(value) as literal
    from unnest(${texts}::text[]) with ordinality as given (value, place) order by place`
  return rows.map(({ literal }) => literal)
}

function textOf(value: Value): string | null {
  if (value instanceof Date) return value.toISOString()
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  if (Array.isArray(value))
    return `{${value.map((item) => (typeof item === 'number' ? item : quotedItem(item))).join()}}`
  return value === null ? null : String(value)
}

function quotedItem(item: string): string {
  return `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** What a backslash of COPY's text format stands for (PostgreSQL's manual, COPY, text format). */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter)
}
