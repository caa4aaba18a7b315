import type { Tx } from '../platform/database.ts'

/**
 * The file's orders as they were read, in tables that only this transaction sees and that vanish with it. What follows
 * is worked out from them in SQL, a table at a time:
 *
 *     staged_orders, staged_lines, staged_tickets, staged_refunds   the file, by its line numbers
 *     import_events, import_ticket_types, import_customers          what its orders belong to, found or to be made
 *     import_orders, import_customer_events                         which row belongs to which
 */
export async function createStagingTables(tx: Tx): Promise<void> {
  await tx.unsafe(`
    create temporary table staged_orders (
      line integer, ref text, email text, name text, company text, phone text, marketing_consent boolean,
      event_slug text, event_title text, created_at timestamptz(0), paid_at timestamptz(0),
      total_minor bigint, refunded_minor bigint, refunded_at timestamptz(0), ticket_count integer, line_count integer,
      public_id text, order_code text
    ) on commit drop;
    create temporary table staged_lines (
      line integer, position integer, ticket_title text, unit_price_minor bigint, quantity integer, public_id text
    ) on commit drop;
    create temporary table staged_tickets (
      line integer, position integer, line_position integer, public_id text, check_in_code text
    ) on commit drop;
    create temporary table staged_refunds (line integer, amount_minor bigint, refunded_at timestamptz(0)) on commit drop;
  `)
}

export type StagedTable = 'staged_orders' | 'staged_lines' | 'staged_tickets' | 'staged_refunds'

/** A stream that takes rows in COPY's text form. */
export async function copyInto(tx: Tx, table: StagedTable) {
  return tx`copy ${tx(table)} from stdin`.writable()
}

/** Without statistics the planner takes every staging table for a small one. */
export async function indexStagedRows(tx: Tx): Promise<void> {
  await tx.unsafe(`
    create index on staged_orders (line);
    create index on staged_lines (line);
    create index on staged_tickets (line);
    create index on staged_refunds (line);
    analyze staged_orders; analyze staged_lines; analyze staged_tickets; analyze staged_refunds;
  `)
}

/** Leaves out what the account has imported before, and a ref's second mention. Resolves to how many lines that were. */
export async function deleteKnownOrders(tx: Tx, accountId: number): Promise<number> {
  const known = await tx`
    delete from staged_orders s using orders o where o.account_id = ${accountId} and o.import_ref = s.ref`
  const repeated = await tx`
    delete from staged_orders s
    using (select ref, min(line) as line from staged_orders group by ref having count(*) > 1) first
    where s.ref = first.ref and s.line > first.line`
  return known.count + repeated.count
}

/**
 * Lists the orders' events, without an id the unknown ones: those get the title of their latest paid order that has one,
 * and its time. Resolves to how many are unknown.
 */
export async function listImportEvents(tx: Tx, accountId: number): Promise<number> {
  await tx`
    create temporary table import_events on commit drop as
    select s.slug, e.event_id, null::text as title, null::timestamptz(0) as held_at
    from (select distinct event_slug as slug from staged_orders) s
    left join event_slugs e on e.account_id = ${accountId} and e.slug = s.slug`
  const unknown = await tx`
    update import_events e set held_at = d.held_at, title = coalesce(d.title, e.slug)
    from (
      select event_slug, max(paid_at) as held_at,
             (array_agg(event_title order by paid_at desc, line desc) filter (where event_title is not null))[1] as title
      from staged_orders where event_slug in (select slug from import_events where event_id is null)
      group by event_slug
    ) d
    where d.event_slug = e.slug`
  return unknown.count
}
