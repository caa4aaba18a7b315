import type { Db, Fragment, Tx } from '../platform/database.ts'
import { addUp, type Check, check, countBroken, type Findings } from './check.ts'
import { type Catalogue, type Reference, readCatalogue } from './references.ts'

/** Nothing leads nowhere, and nothing leads from one account into another. */
export const referenceChecks: Check[] = [
  { name: 'What a row refers to exists, in its own account', find: findDangling },
  check(
    'A table of an account has account_id first in its key and in every reference to another such table',
    (db) => db`
      with tables as (
        select c.oid, c.relname, a.attnum as account
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id'
        where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
      )
      select null::integer as account_id, format('constraint %s.%s', c.relname, k.conname) as subject,
             'does not begin with account_id' as problem
      from pg_constraint k
      join tables c on c.oid = k.conrelid
      left join tables p on p.oid = k.confrelid
      where (k.contype = 'p' and k.conkey[1] <> c.account)
         or (k.contype = 'f' and p.oid is not null and (k.conkey[1], k.confkey[1]) <> (c.account, p.account))`,
  ),
]

async function findDangling(tx: Tx): Promise<Findings> {
  const catalogue = await readCatalogue(tx)
  const found: Findings[] = []
  // A missing account is the cause of much else that is missing: it is named first.
  const causesFirst = catalogue.references.toSorted((a, b) => a.columns.length - b.columns.length)
  for (const reference of causesFirst) found.push(await countBroken(tx, danglingRows(tx, catalogue, reference)))
  return addUp(found)
}

function danglingRows(db: Db, catalogue: Catalogue, reference: Reference): Fragment {
  const { table, columns, parent, parentColumns, isDeclared } = reference
  const key = numbersOf(catalogue, table)
  // Where no foreign key says otherwise, 0 stands for no row in particular: the daily totals' "all events together".
  const given = columns.map((column) => `t."${column}" is not null ${isDeclared ? '' : `and t."${column}" <> 0`}`)
  const same = columns.map((column, index) => `p."${parentColumns[index]}" = t."${column}"`)
  return db.unsafe(`
    select ${hasAccount(catalogue, table) ? 't.account_id' : 'null::integer'} as account_id,
           '${table} ' || concat_ws('/', ${key.join(', ')}) as subject,
           'its ${columns.join(', ')} leads to no row of ${parent}' as problem
    from "${table}" t
    where ${given.join(' and ')} and not exists (select from "${parent}" p where ${same.join(' and ')})`)
}

function hasAccount({ columns }: Catalogue, table: string): boolean {
  return columns.some((column) => column.table === table && column.name === 'account_id')
}

/** What names a row beside its account. Only numbers: a text in a key may be somebody's name. */
function numbersOf({ primaryKeys }: Catalogue, table: string): string[] {
  const numbers = (primaryKeys.get(table) ?? []).filter(({ name, isInteger }) => isInteger && name !== 'account_id')
  return numbers.length > 0 ? numbers.map(({ name }) => `t."${name}"`) : ['t.ctid']
}
