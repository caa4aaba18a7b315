import type { Tx } from '../platform/database.ts'

/** One import of an account at a time, until the transaction ends. False where another is running. */
export async function lockImports(tx: Tx, accountId: number): Promise<boolean> {
  const [row] = await tx<[{ locked: boolean }]>`select pg_try_advisory_xact_lock(7003, ${accountId}) as locked`
  // A statement that runs for a minute would not notice that nobody waits for it any more, and hold on to its locks.
  await tx`set local client_connection_check_interval = '1s'`
  await tx`set local plan_cache_mode = force_custom_plan` // a part of the file is no page of a list
  return row.locked
}

/** Every slug that an event of the account has or had. */
export async function listKnownSlugs(tx: Tx, accountId: number): Promise<Set<string>> {
  const rows = await tx<{ slug: string }[]>`select slug from event_slugs where account_id = ${accountId}`
  return new Set(rows.map((row) => row.slug))
}

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
      line integer, position integer, line_position integer, public_id text, check_in_code text, secret text
    ) on commit drop;
    create temporary table staged_refunds (line integer, amount_minor bigint, refunded_at timestamptz(0)) on commit drop;
  `)
}

export type StagedTable = 'staged_orders' | 'staged_lines' | 'staged_tickets' | 'staged_refunds'

export const copyInto = (table: StagedTable) => `copy ${table} from stdin`

/**
 * The rows lie in the file's order, which the smallest of indexes will find. Without statistics the planner would take
 * every staging table for a small one.
 */
export async function indexStagedRows(tx: Tx): Promise<void> {
  await tx.unsafe(`
    create index on staged_orders using brin (line) with (pages_per_range = 32);
    create index on staged_lines using brin (line) with (pages_per_range = 32);
    create index on staged_tickets using brin (line) with (pages_per_range = 32);
    create index on staged_refunds using brin (line) with (pages_per_range = 32);
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

/** Gives the lines' orders other codes. */
export async function updateStagedOrderCodes(tx: Tx, lines: number[], codes: string[]): Promise<void> {
  await tx`
    update staged_orders s set order_code = d.code
    from unnest(${lines}::integer[], ${codes}::text[]) as d (line, code) where s.line = d.line`
}

/** Gives the tickets, which a line and a position name, other codes. */
export async function updateStagedCheckInCodes(
  tx: Tx,
  tickets: { line: number; position: number }[],
  codes: string[],
): Promise<void> {
  await tx`
    update staged_tickets s set check_in_code = d.code
    from unnest(${tickets.map(({ line }) => line)}::integer[], ${tickets.map(({ position }) => position)}::integer[],
                ${codes}::text[]) as d (line, position, code)
    where s.line = d.line and s.position = d.position`
}
