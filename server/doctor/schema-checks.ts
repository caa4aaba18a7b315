import type { Fragment, Tx } from '../platform/database.ts'
import { addUp, type Check, check, countBroken, type Findings } from './check.ts'

/**
 * The triggers that keep sums, counts and copies, and how each is enabled: without one of them numbers drift from then
 * on. 'A' runs always, also while an import skips the look-up of foreign keys; 'O' is the ordinary way.
 */
export const triggers: Record<string, 'A' | 'O'> = {
  'events.remember_slug': 'O',
  'events.copy_capacity': 'O',
  'consent_texts.keep_text': 'O',
  'holds.count_new_holds': 'O',
  'holds.count_ended_holds': 'O',
  'tickets.count_issued_tickets': 'A',
  'tickets.count_changed_tickets': 'O',
  'refunds.sum_new_refunds': 'A',
  'refunds.sum_changed_refunds': 'O',
  'orders.sum_new_orders': 'A',
  'orders.sum_changed_orders': 'O',
  'orders.sum_refunded_lines': 'O',
  'order_lines.sum_new_lines': 'A',
  'orders.tally_new_redemptions': 'A',
  'orders.tally_changed_redemptions': 'O',
  'customers.sum_new_customers': 'A',
  'customers.sum_changed_customers': 'O',
  'invoices.keep_invoices': 'O',
  'customer_events.sum_new_customer_events': 'A',
}

const extensions = ['pg_trgm', 'unaccent']

/** What keeps the promises between two visits of the doctor is in force. */
export const schemaChecks: Check[] = [
  check(
    'Every trigger is there and switched on, those of the foreign keys too',
    (db) => db`
      with found as (
        select c.relname || '.' || t.tgname as name, t.tgenabled::text as enabled
        from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = current_schema()::regnamespace
      )
      select null::integer as account_id, 'trigger ' || wanted.name as subject,
             case when f.name is null then 'is missing' else 'does not run always, as an import needs' end as problem
      from unnest(${Object.keys(triggers)}::text[], ${Object.values(triggers)}::text[]) wanted (name, enabled)
      left join found f using (name)
      where f.name is null or (wanted.enabled = 'A' and f.enabled = 'O')
      union all
      select null, 'trigger ' || name, 'is switched off' from found where enabled not in ('O', 'A')
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
      select (to_jsonb(t) ->> 'account_id')::integer as account_id, '${table} ' || (to_jsonb(t) ->> 'id') as subject,
             '${column} is out of date' as problem
      from ${table} t where ${column} is distinct from (${expression})`)
    found.push(await countBroken(tx, stale))
  }
  return addUp(found)
}
