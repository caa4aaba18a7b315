import type { Tx } from '../platform/database.ts'

/** Statements that take a rule off a table, and put it back as it was. */
export interface Rule {
  lift: string
  restore: string
}

/**
 * What stands in the way of loading rows as they are: foreign keys, which want an order, triggers, which would add
 * everything up again, and indexes, which are made several times faster at the end. All this needs only the owner.
 */
export async function listRules(tx: Tx): Promise<Rule[]> {
  return [...(await listForeignKeys(tx)), ...(await listTriggers(tx)), ...(await listIndexes(tx))]
}

export async function liftRules(tx: Tx, rules: Rule[]): Promise<void> {
  await tx.unsafe(rules.map(({ lift }) => lift).join(';'))
}

/** Throws PostgreSQL's error where a row breaks one: foreign keys and unique indexes are proven anew. */
export async function restoreRules(tx: Tx, rules: Rule[]): Promise<void> {
  const backwards = rules.toReversed() // a foreign key may lean on an index
  await tx.unsafe(backwards.map(({ restore }) => restore).join(';'))
}

function listForeignKeys(tx: Tx) {
  return tx<Rule[]>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as lift,
           format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
    from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = current_schema()::regnamespace`
}

function listTriggers(tx: Tx) {
  return tx<Rule[]>`
    select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname) as lift,
           format('alter table %s enable %s trigger %I', t.tgrelid::regclass,
                  case t.tgenabled when 'A' then 'always' when 'R' then 'replica' end, t.tgname) as restore
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
      and not t.tgisinternal and t.tgenabled <> 'D'`
}

function listIndexes(tx: Tx) {
  return tx<Rule[]>`
    select format('drop index %s', i.indexrelid::regclass) as lift, pg_get_indexdef(i.indexrelid) as restore
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`
}
