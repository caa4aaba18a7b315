import type { Tx } from '../platform/database.ts'

export interface EarlierRows {
  hasImports: boolean
  hasCustomers: boolean
}

/** What an account had before the import began. */
export async function findEarlierRows(tx: Tx, accountId: number): Promise<EarlierRows> {
  const [found] = await tx<[EarlierRows]>`
    select exists (select from orders where account_id = ${accountId} and import_ref is not null) as has_imports,
           exists (select from customers where account_id = ${accountId}) as has_customers`
  return found
}

/** Those of the refs that orders of the account have. */
export async function listKnownRefs(tx: Tx, accountId: number, refs: string[]): Promise<Set<string>> {
  const rows = await tx<{ ref: string }[]>`
    select r.text as ref from ${withAccount(tx, accountId, refs)} r
    join orders o on o.account_id = r.account_id and o.import_ref = r.text`
  return new Set(rows.map(({ ref }) => ref))
}

/** The ids of those of the e-mails that customers of the account have. */
export async function listKnownCustomers(tx: Tx, accountId: number, emails: string[]): Promise<Map<string, number>> {
  const rows = await tx<{ email: string; id: number }[]>`
    select e.text as email, c.id from ${withAccount(tx, accountId, emails)} e
    join customers c on c.account_id = e.account_id and c.email = e.text`
  return new Map(rows.map(({ email, id }) => [email, id]))
}

/**
 * Texts with their account beside them. To the planner a new account has no rows (its statistics are of yesterday), and
 * it would read them all in place of those that are asked for; `offset 0` keeps it from seeing which account it is.
 */
function withAccount(tx: Tx, accountId: number, texts: string[]) {
  return tx`(select text, ${accountId}::integer as account_id from unnest(${texts}::text[]) text offset 0)`
}

/** As many new ids for rows of the table. */
export async function drawIds(tx: Tx, table: 'orders' | 'customers', count: number): Promise<number[]> {
  if (count === 0) return []
  const [{ ids }] = await tx<[{ ids: string }]>`
    select string_agg(nextval(sequence)::text, ' ') as ids
    from (select pg_get_serial_sequence(${table}, 'id')::regclass as sequence offset 0) s, generate_series(1, ${count})`
  return ids.split(' ').map(Number)
}

/** The account's event ids by slugs that they have or had. */
export async function listEventIds(tx: Tx, accountId: number, slugs: string[]): Promise<Map<string, number>> {
  const rows = await tx<{ slug: string; id: number }[]>`
    select slug, event_id as id from event_slugs where account_id = ${accountId} and slug = any (${slugs}::text[])`
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}

export interface NamedTicketType {
  eventId: number
  title: string
  id: number
}

/** The ticket types of the events; of several with one title, one on sale before a hidden one before an archived one. */
export async function listTicketTypes(tx: Tx, accountId: number, eventIds: number[]): Promise<NamedTicketType[]> {
  return tx<NamedTicketType[]>`
    select distinct on (event_id, title) event_id, title, id from ticket_types
    where account_id = ${accountId} and event_id = any (${eventIds}::integer[])
    order by event_id, title, array_position(array['active', 'hidden', 'archived'], state), position, id`
}

/**
 * Gathers the buyers by their numbers, with what all their lines together say; `id` is the customer's, `planned_id` the
 * one that their orders have. Beside them `import_customer_events`: for which events they bought.
 * Resolves to how many buyers there are.
 */
export async function gatherImportCustomers(tx: Tx): Promise<number> {
  const latest = (field: string) => `
    (array_agg(${field} order by paid_at desc, line desc) filter (where ${field} is not null))[1] as ${field},
    max(paid_at) filter (where ${field} is not null) as ${field}_set_at`
  await tx.unsafe(`
    analyze import_buyers;
    create temporary table import_customers on commit drop as
    select number as n, customer_id as id, customer_id as planned_id, known, email,
           ${latest('name')}, ${latest('company')}, ${latest('phone')},
           sum(net_minor)::bigint as spent_minor,
           min(paid_at) filter (where marketing_consent) as marketing_consent_at, min(paid_at) as created_at
    from import_buyers group by number, customer_id, known, email order by number;
    create unique index import_customers_key on import_customers (n);
    analyze import_customers;
    create temporary table import_customer_events on commit drop as
    select distinct number as n, event_id from import_buyers order by n;
    create index on import_customer_events (n);
    analyze import_customer_events`)
  const [{ count }] = await tx<[{ count: number }]>`select count(*)::integer as count from import_customers`
  return count
}

export interface Range {
  from: number
  to: number
}

/**
 * Looks again for customers `from` to `to` who were made or erased since they were listed: their `id` is from then on
 * another than the `planned_id` of the orders. Of one who was made, the orders' sum comes with the orders.
 */
export async function relistImportCustomers(tx: Tx, accountId: number, { from, to }: Range): Promise<void> {
  await tx`
    update import_customers i set id = nextval(pg_get_serial_sequence('customers', 'id'))::integer, known = false
    where i.n between ${from} and ${to} and i.known
      and not exists (select from customers c where c.account_id = ${accountId} and c.email = i.email)`
  await tx`
    update import_customers i set id = c.id, known = true, spent_minor = 0
    from customers c
    where i.n between ${from} and ${to} and c.account_id = ${accountId} and c.email = i.email and c.id <> i.id`
}
