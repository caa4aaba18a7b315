import type { Pool } from '../../server/platform/database.ts'

/** The whole schema as it stands, from the catalogue: tables with columns, constraints, indexes and triggers; views; functions. */
export async function printSchema(db: Pool): Promise<string> {
  const tables = await db<
    { name: string; columns: string[]; constraints: string[]; indexes: string[]; triggers: string[] }[]
  >`
    select c.relname as name,
      array(
        select format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity <> '' then ' generated always as identity'
               when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
               when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
      array(select format('constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint
        where conrelid = c.oid and contype <> 'n' order by contype desc, conname) as constraints,
      array(select pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = c.oid
        and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
        order by i.indexrelid::regclass::text) as indexes,
      array(select pg_get_triggerdef(t.oid) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal order by tgname) as triggers
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`
  const views = await db<{ name: string; definition: string }[]>`
    select viewname as name, definition from pg_views where schemaname = 'public' order by 1`
  const functions = await db<{ definition: string }[]>`
    select pg_get_functiondef(p.oid) as definition from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by p.proname, p.oid::regprocedure::text`
  return [
    '-- The schema as it stands, written from the catalogue of PostgreSQL 18 by `npm run schema`. Never edited by hand.',
    ...tables.map(({ name, columns, constraints, indexes, triggers }) =>
      [
        `create table ${name} (\n  ${[...columns, ...constraints].join(',\n  ')}\n);`,
        ...[...indexes, ...triggers].map((statement) => `${statement};`),
      ].join('\n'),
    ),
    ...views.map(({ name, definition }) => `create view ${name} as\n${definition}`),
    ...functions.map(({ definition }) => `${definition.trimEnd()};`),
  ]
    .join('\n\n')
    .concat('\n')
}
