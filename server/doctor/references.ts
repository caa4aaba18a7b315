import type { Db } from '../platform/database.ts'

/** Columns whose values must be those of a row of the parent. Names are quoted for SQL. */
export interface Reference {
  table: string
  hasAccount: boolean
  /** The numbers that, with the account's, name a row; none where the table has no such key. */
  key: string[]
  columns: string[]
  parent: string
  parentColumns: string[]
  /** The database itself watches over it. */
  isDeclared: boolean
}

/**
 * Every foreign key of the schema, and every column that is named like one without being part of any: `event_id` leads
 * to `events`. Read from the catalogue, so that a new table is among them by itself.
 */
export async function listReferences(db: Db): Promise<Reference[]> {
  return db<Reference[]>`
    with tables as (
      select c.oid, c.relname, c.relnamespace, coalesce(i.indkey::int2[], '{}') as key,
             exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id') as has_account
      from pg_class c
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    ),
    declared as (
      select conrelid as child, conkey as columns, confrelid as parent, confkey as parent_columns
      from pg_constraint where contype = 'f'
    ),
    named_alike as (
      select c.oid as child, p.oid as parent,
             case p.relname when 'accounts' then array[a.attnum] else array[account.attnum, a.attnum] end as columns,
             p.key as parent_columns
      from tables c
      join pg_attribute a on a.attrelid = c.oid and a.attname ~ '_id$' and a.atttypid = 'integer'::regtype
      join tables p on p.relname = regexp_replace(a.attname, '_id$', 's')
      left join pg_attribute account on account.attrelid = c.oid and account.attname = 'account_id'
      where not exists (select from declared d where d.child = c.oid and a.attnum = any (d.columns))
        and ${keyNames(db, 'p.oid', 'p.key')} in ('{id}', '{account_id,id}')
    )
    select quote_ident(c.relname) as table, c.has_account, quote_ident(p.relname) as parent, r.is_declared,
           ${keyNames(db, 'c.oid', 'r.columns')} as columns,
           ${keyNames(db, 'p.oid', 'r.parent_columns')} as parent_columns,
           array(select quote_ident(a.attname) from pg_attribute a
                 where a.attrelid = c.oid and a.attnum = any (c.key) and a.attname <> 'account_id'
                   and a.atttypid in ('integer'::regtype, 'bigint'::regtype)
                 order by array_position(c.key, a.attnum)) as key
    from (
      select child, columns, parent, parent_columns, true as is_declared from declared
      union all
      select child, columns, parent, parent_columns, false from named_alike
    ) r
    join tables c on c.oid = r.child
    join pg_class p on p.oid = r.parent
    order by 1, 3, 4`
}

function keyNames(db: Db, table: string, numbers: string) {
  return db.unsafe(`
    array(select quote_ident(a.attname) from unnest(${numbers}) with ordinality n (number, position)
          join pg_attribute a on a.attrelid = ${table} and a.attnum = n.number order by n.position)::text[]`)
}
