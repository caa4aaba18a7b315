import type { Db, Query } from './database.ts'
import type { Column } from './row-reader.ts'

export type Value = string | number | bigint | boolean | Date | Buffer | string[] | number[] | null

/** A piece of SQL, or a whole statement: texts, and between each two of them a value. */
export class Sql {
  readonly texts: readonly string[]
  readonly values: readonly Value[]
  constructor(texts: readonly string[], values: readonly Value[]) {
    this.texts = texts
    this.values = values
  }
}

/**
 * SQL as a template of values and further pieces. The driver's own template does the same with a promise for each
 * piece: too dear for statements of many pieces that are asked a thousand times a second.
 */
export function sql(strings: TemplateStringsArray, ...parts: (Value | Sql)[]): Sql {
  const [first = '', ...rest] = strings
  const texts: string[] = []
  const values: Value[] = []
  let text = first
  const take = (value: Value) => {
    texts.push(text)
    values.push(value)
    text = ''
  }
  parts.forEach((part, place) => {
    if (part instanceof Sql) {
      part.texts.forEach((inner, index) => {
        text += inner
        const value = part.values[index]
        if (value !== undefined) take(value)
      })
    } else take(part)
    text += rest[place] ?? ''
  })
  return new Sql([...texts, text], values)
}

/** Text that becomes SQL as it is: never what came from outside. */
export function plain(text: string): Sql {
  return new Sql([text], [])
}

/** Asks the statement, which is prepared once on each connection. */
export function ask<Row extends object>(db: Db, statement: Sql): Query<Row> {
  const { text, values } = numbered(statement)
  return db.unsafe<Row[]>(text, values, { prepare: true })
}

/**
 * As `ask`, with texts that hold a character for each byte of their UTF-8, to be written down again as Latin-1: what is
 * only handed on need not be decoded and encoded, which would cost as much again.
 */
export async function askUndecoded<Row extends object>(db: Db, statement: Sql): Promise<Row[]> {
  const rows = await ask(db, statement).raw()
  const columns: readonly Column[] = rows.columns
  return rows.map((cells: (Buffer | null)[]) => {
    const row: Record<string, unknown> = {}
    columns.forEach(({ name, parser }, place) => {
      const text = cells[place]?.toString('latin1') ?? null
      row[name] = text === null || !parser ? text : parser(text)
    })
    return row as Row // as the caller knows the statement
  })
}

/** A text of `askUndecoded`, as it is. */
export function decoded(text: string): string {
  return Buffer.from(text, 'latin1').toString()
}

/** The columns that the statement would give. */
export async function describe(db: Db, statement: Sql): Promise<readonly Column[]> {
  const { text, values } = numbered(statement)
  const { columns } = await db.unsafe(text, values).describe()
  return columns
}

/** The very same instant or list, as a statement of several pieces often holds it, is sent once. */
function numbered({ texts, values }: Sql): { text: string; values: Value[] } {
  const sent: Value[] = []
  const text = texts.reduce((all, part, index) => {
    const value = values[index - 1] ?? null
    const known = value instanceof Date || Array.isArray(value) ? sent.indexOf(value) : -1
    return `${all}$${known === -1 ? sent.push(value) : known + 1}${part}`
  })
  return { text, values: sent }
}

/** What to read, by the column's name. */
export type Columns = Readonly<Record<string, Sql>>

/** Columns of the table `alias`. */
export function columnsOf(alias: string, names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, plain(`${alias}.${name}`)]))
}

/** The columns for a `select`, in the order of `names`; null for those that there are not. */
export function selected(names: readonly string[], columns: Columns): Sql {
  const [first = plain(''), ...rest] = names.map((name) => sql`${columns[name] ?? plain('null')} as ${plain(name)}`)
  return rest.reduce((all, next) => sql`${all}, ${next}`, first)
}

export function selectedAll(columns: Columns): Sql {
  return selected(Object.keys(columns), columns)
}
