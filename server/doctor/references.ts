import type { Db } from '../platform/database.ts'

/** Columns whose values must be those of a row of the parent. */
export interface Reference {
  table: string
  columns: string[]
  parent: string
  parentColumns: string[]
  /** It is a foreign key: the database itself watches over it. */
  isDeclared: boolean
}

export interface Column {
  table: string
  number: number
  name: string
  isInteger: boolean
}

interface Key {
  kind: 'p' | 'f'
  table: string
  numbers: number[]
  parent: string
  parentNumbers: number[]
}

export interface Catalogue {
  columns: Column[]
  /** The columns of each table's primary key. */
  primaryKeys: Map<string, Column[]>
  references: Reference[]
}

/**
 * Every foreign key of the schema, and every column that is named like one without being part of any: `event_id` leads
 * to `events`. A new table is among them by itself.
 */
export async function readCatalogue(db: Db): Promise<Catalogue> {
  const columns = await listColumns(db)
  const keys = await listKeys(db)
  const named = (table: string, numbers: number[]) =>
    numbers.flatMap((number) => columns.filter((column) => column.table === table && column.number === number))
  const primaryKeys = new Map(
    keys.filter(({ kind }) => kind === 'p').map(({ table, numbers }) => [table, named(table, numbers)]),
  )
  const declared = keys
    .filter(({ kind }) => kind === 'f')
    .map(({ table, numbers, parent, parentNumbers }) => ({
      table,
      columns: named(table, numbers).map(({ name }) => name),
      parent,
      parentColumns: named(parent, parentNumbers).map(({ name }) => name),
      isDeclared: true,
    }))
  const undeclared = columns
    .filter(
      ({ table, name }) => !declared.some((reference) => reference.table === table && reference.columns.includes(name)),
    )
    .flatMap((column) => readName(column, primaryKeys))
  return { columns, primaryKeys, references: [...declared, ...undeclared] }
}

/** What a column refers to that is named after a table whose rows have an id. */
function readName({ table, name, isInteger }: Column, primaryKeys: Map<string, Column[]>): Reference[] {
  const parent = name.replace(/_id$/, 's')
  const parentColumns = primaryKeys.get(parent)?.map((column) => column.name) ?? []
  if (!isInteger || parent === name) return []
  if (parentColumns.join() === 'id') return [{ table, columns: [name], parent, parentColumns, isDeclared: false }]
  if (parentColumns.join() !== 'account_id,id') return []
  return [{ table, columns: ['account_id', name], parent, parentColumns, isDeclared: false }]
}

function listColumns(db: Db): Promise<Column[]> {
  return db<Column[]>`
    select c.relname as table, a.attnum::integer as number, a.attname as name,
           a.atttypid in ('integer'::regtype, 'bigint'::regtype) as is_integer
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    order by 1, 2`
}

function listKeys(db: Db): Promise<Key[]> {
  return db<Key[]>`
    select k.contype as kind, c.relname as table, k.conkey::integer[] as numbers, coalesce(p.relname, '') as parent,
           k.confkey::integer[] as parent_numbers
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    left join pg_class p on p.oid = k.confrelid
    where k.contype in ('p', 'f') and c.relnamespace = current_schema()::regnamespace
    order by c.relname, k.conname`
}
