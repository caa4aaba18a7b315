import type { Fragment, Tx } from '../platform/database.ts'
import { addUp, type Check, check, countBroken, type Findings } from './check.ts'

/** The triggers that keep sums, counts and copies: without one of them numbers drift from then on. */
export const triggers = [
  'events.remember_slug',
  'events.copy_capacity',
  'holds.count_new_holds',
  'holds.count_ended_holds',
  'tickets.count_issued_tickets',
  'tickets.count_changed_tickets',
  'refunds.sum_new_refunds',
  'refunds.sum_changed_refunds',
  'orders.sum_new_orders',
  'orders.sum_changed_orders',
  'customers.sum_new_customers',
  'customers.sum_changed_customers',
  'customer_events.sum_new_customer_events',
]

const extensions = ['pg_trgm', 'unaccent']

/** What keeps the promises between two visits of the doctor is in force. */
export const schemaChecks: Check[] = [
  check(
    'Every trigger is there and switched on, those of the foreign keys too',
    (db) => db`
      select null::integer as account_id, 'trigger ' || wanted as subject, 'is missing' as problem
      from unnest(${triggers}::text[]) wanted
      where not exists (
        select from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = current_schema()::regnamespace and c.relname || '.' || t.tgname = wanted
      )
      union all
      select null, format('trigger %s.%s', c.relname, t.tgname), 'is switched off'
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = current_schema()::regnamespace and t.tgenabled not in ('O', 'A')
      union all
      select null, 'setting ' || name, format('is %s for every connection: triggers leave sums alone', value)
      from (values ('session_replication_role', current_setting('session_replication_role'), 'replica'),
                   ('foyer.bulk', current_setting('foyer.bulk', true), 'on')) s (name, value, wrong)
      where value = wrong`,
  ),
  check(
    'Every constraint and index is valid, every extension installed',
    (db) => db`
      select null::integer as account_id, format('constraint %s.%s', conrelid::regclass, conname) as subject,
             'is not validated' as problem
      from pg_constraint where connamespace = current_schema()::regnamespace and not convalidated
      union all
      select null, 'index ' || c.relname, 'is not valid'
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = current_schema()::regnamespace and not (i.indisvalid and i.indisready)
      union all
      select null, 'extension ' || wanted, 'is not installed'
      from unnest(${extensions}::text[]) wanted where wanted not in (select extname from pg_extension)`,
  ),
  { name: 'What search looks through is what the rows say', find: findStaleColumns },
]

/**
 * Columns that the database makes from others hold what they would be made to be today. They go stale where another
 * version of PostgreSQL folds accents differently.
 */
async function findStaleColumns(tx: Tx): Promise<Findings> {
  const columns = await tx<{ table: string; column: string; expression: string }[]>`
    select quote_ident(c.relname) as table, quote_ident(a.attname) as column, pg_get_expr(d.adbin, d.adrelid) as expression
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attgenerated = 's' and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    order by 1, 2`
  const found: Findings[] = []
  for (const { table, column, expression } of columns) {
    const stale: Fragment = tx.unsafe(`
      select (to_jsonb(t) ->> 'account_id')::integer as account_id, '${table} ' || (to_jsonb(t) ->> 'id') as subject, '${column} is out of date' as problem
      from ${table} t where ${column} is distinct from (${expression})`)
    found.push(await countBroken(tx, stale))
  }
  return addUp(found)
}
