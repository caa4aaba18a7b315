import type { Tx } from '../platform/database.ts'

/** How many customers the orders would make. */
export async function countUnknownBuyers(tx: Tx, accountId: number): Promise<number> {
  const [row] = await tx<[{ count: number }]>`
    select count(*)::integer as count from (select distinct email from staged_orders) s
    where not exists (select from customers c where c.account_id = ${accountId} and c.email = s.email)`
  return row.count
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

/**
 * Gathers the buyers: one row for each e-mail, with what all their orders together say. `n` counts them from 1, the
 * earliest buyer first; `id` is the customer's, taken from the sequence for those who are not known yet.
 * Resolves to how many there are, and how many of them are new.
 */
export async function listImportCustomers(tx: Tx, accountId: number): Promise<{ count: number; unknown: number }> {
  const latest = (field: 'name' | 'company' | 'phone') => tx`
    (array_agg(${tx(field)} order by paid_at desc, line desc) filter (where ${tx(field)} is not null))[1] as ${tx(field)},
    max(paid_at) filter (where ${tx(field)} is not null) as ${tx(`${field}_set_at`)}`
  await tx`
    create temporary table import_customers on commit drop as
    select row_number() over ()::integer as n, id as planned_id, x.*
    from (
      select coalesce(known.id, nextval(pg_get_serial_sequence('customers', 'id'))::integer) as id,
             known.id is not null as known, buyer.*
      from (
        select email, ${latest('name')}, ${latest('company')}, ${latest('phone')},
               sum(total_minor - refunded_minor)::bigint as spent_minor,
               min(paid_at) filter (where marketing_consent) as marketing_consent_at, min(paid_at) as created_at
        from staged_orders group by email order by min(paid_at), email
      ) buyer
      left join customers known on known.account_id = ${accountId} and known.email = buyer.email
    ) x`
  const [row] = await tx<[{ count: number; unknown: number }]>`
    select count(*)::integer as count, count(*) filter (where not known)::integer as unknown from import_customers`
  await tx.unsafe('create index on import_customers (n); analyze import_customers')
  return row
}

/** Gives every order its id, in the file's order, and says to which event and customer it belongs. */
export async function numberImportOrders(tx: Tx): Promise<void> {
  await tx.unsafe(`
    create temporary table import_orders on commit drop as
    select line, nextval(pg_get_serial_sequence('orders', 'id'))::integer as order_id, event_id, customer_id, customer_n
    from (
      select s.line, e.event_id, c.id as customer_id, c.n as customer_n
      from staged_orders s
      join import_events e on e.slug = s.event_slug
      join import_customers c on c.email = s.email
      order by s.line
    ) x;
    create index on import_orders (line);
    analyze import_orders;
    create temporary table import_customer_events on commit drop as
    select distinct customer_n as n, event_id from import_orders;
    create index on import_customer_events (n);
    analyze import_customer_events;
  `)
}

/**
 * Lists the ticket types that the orders' items join: of that title in the event, one on sale before a hidden one
 * before an archived one. Without an id those that must be made, at the price of the latest item. `sold` counts the
 * tickets that stay valid.
 */
export async function listImportTicketTypes(tx: Tx, accountId: number): Promise<void> {
  await tx`
    create temporary table import_ticket_types on commit drop as
    select d.event_id, d.title, d.sold, d.latest[4] as price_minor, (
             select t.id from ticket_types t
             where t.account_id = ${accountId} and t.event_id = d.event_id and t.title = d.title
             order by array_position(array['active', 'hidden', 'archived'], t.state), t.position, t.id limit 1
           ) as ticket_type_id
    from (
      select i.event_id, l.ticket_title as title,
             coalesce(sum(l.quantity) filter (where s.refunded_at is null), 0)::integer as sold,
             max(array[extract(epoch from s.paid_at)::bigint, l.line, l.position, l.unit_price_minor]) as latest
      from staged_lines l join import_orders i using (line) join staged_orders s using (line)
      group by i.event_id, l.ticket_title
    ) d`
  await tx.unsafe('analyze import_ticket_types')
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
