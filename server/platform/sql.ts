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
  return db.unsafe<Row[]>(numbered(statement), [...statement.values], { prepare: true })
}

/** The columns that the statement would give. */
export async function describe(db: Db, statement: Sql): Promise<readonly Column[]> {
  const { columns } = await db.unsafe(numbered(statement), [...statement.values]).describe()
  return columns
}

function numbered({ texts }: Sql): string {
  return texts.reduce((all, part, place) => `${all}$${place}${part}`)
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
