import { readCode } from '../platform/codes.ts'
import { type Counted, dailyTotals, readDailyTotals, type Totals } from '../platform/daily-totals.ts'
import type { Db, Fragment, Tx } from '../platform/database.ts'
import type { Page, PageOf } from '../platform/http/lists.ts'
import { pageWithTotals, searchedPage } from '../platform/page-with-totals.ts'
import { type Period, periodStart } from '../platform/period.ts'

export interface OrderRow {
  id: number
  publicId: string
  orderCode: string
  origin: 'checkout' | 'import'
  customerName: string
  customerEmail: string
  staffNote: string | null
  totalMinor: bigint
  refundedMinor: bigint
  pendingRefundMinor: bigint
  cancelled: boolean
  paymentProvider: string
  ticketCount: number
  lineCount: number
  attribution: Record<string, string>
  archived: boolean
  createdAt: string
  paidAt: string
}

export interface OrderFilter {
  period: Period | undefined
  eventId: number | undefined
  /** Words that must all be found in name or e-mail; none: every order. */
  words: string[]
  /** Orders named by a code or reference: found whatever the words say. */
  orderIds: number[]
  includeArchived: boolean
}

const orderColumns = (db: Db) => db`
  o.id, o.public_id, o.order_code, o.origin, o.customer_name, o.customer_email, o.staff_note, o.total_minor, o.refunded_minor,
  o.pending_refund_minor, o.cancelled_at is not null as cancelled,
  o.payment_provider, o.ticket_count, o.line_count, o.attribution, o.archived_at is not null as archived, o.created_at, o.paid_at`

/** The orders under the filter, text aside. */
function among(db: Db, accountId: number, filter: OrderFilter, after?: Page['after']): Fragment {
  return db`orders o where o.account_id = ${accountId}
    ${filter.includeArchived ? db`` : db`and o.archived_at is null`}
    ${filter.eventId === undefined ? db`` : db`and o.event_id = ${filter.eventId}`}
    ${filter.period ? db`and o.paid_at >= ${periodStart(db, filter.period)}` : db``}
    ${after ? db`and (o.paid_at, o.id) < (${after.at}::timestamptz, ${after.id})` : db``}`
}

/**
 * To stand behind other conditions. Ids only where there are any: PostgreSQL takes an empty list for leave to read all
 * of whichever index spans only some of the orders.
 */
function saying(db: Db, { words, orderIds }: OrderFilter): Fragment {
  if (words.length === 0) return db``
  const text = words.map((word) => db`and o.search_text like search_pattern(${word})`)
  return orderIds.length === 0 ? db`${text}` : db`and (o.id = any (${orderIds}::integer[]) or (true ${text}))`
}

/** One page, latest paid first, and one row more where there is more; and the totals of all under the filter. */
export async function listOrders(
  db: Db,
  accountId: number,
  filter: OrderFilter,
  page: Page,
): Promise<PageOf<OrderRow>> {
  if (filter.words.length > 0) return searchOrders(db, accountId, filter, page)
  const rows = db<OrderRow[]>`
    select ${orderColumns(db)} from ${among(db, accountId, filter, page.after)}
    order by o.paid_at desc, o.id desc limit ${db.unsafe(String(page.limit + 1))}`
  return pageWithTotals(db, rows, dailyTotals(db, accountId, countedAs(filter)), db`paid_at desc, id desc`)
}

async function searchOrders(db: Db, accountId: number, filter: OrderFilter, page: Page) {
  const found = db`select o.id, o.paid_at as at, o.total_minor - o.refunded_minor as amount_minor`
  return searchedPage<OrderRow>(db, page, {
    among: await readDailyTotals(db, accountId, countedAs(filter)),
    near: (rows) => db`
      select ${orderColumns(db)}
      from (select o.* from ${among(db, accountId, filter, page.after)} order by o.paid_at desc, o.id desc limit ${rows}) o
      where true ${saying(db, filter)} order by o.paid_at desc, o.id desc limit ${page.limit + 1}`,
    found: (by) =>
      by === 'words'
        ? db`${found} from ${among(db, accountId, filter)} ${saying(db, filter)}`
        : db`${found} from (select o.* from ${among(db, accountId, filter)} offset 0) o where true ${saying(db, filter)}`,
    rowsOf: (picked) => db`
      select ${orderColumns(db)} from ${picked} join orders o on o.account_id = ${accountId} and o.id = picked.id`,
    order: db`paid_at desc, id desc`,
    totals: () => countOrders(db, accountId, filter),
  })
}

/** All of them, in batches, read from one snapshot. */
export function readOrders(tx: Tx, accountId: number, filter: OrderFilter): AsyncIterable<OrderRow[]> {
  return tx<OrderRow[]>`
    select ${orderColumns(tx)} from ${among(tx, accountId, filter)} ${saying(tx, filter)}
    order by o.paid_at desc, o.id desc`.cursor(200)
}

/** Of all under the filter. A search is counted row by row: no daily total knows it. */
export async function countOrders(db: Db, accountId: number, filter: OrderFilter): Promise<Totals> {
  if (filter.words.length === 0) return readDailyTotals(db, accountId, countedAs(filter))
  const [row] = await db<[Totals]>`
    select count(*)::integer as count, coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint as amount_minor
    from ${among(db, accountId, filter)} ${saying(db, filter)}`
  return row
}

function countedAs({ includeArchived, eventId = 0, period }: OrderFilter): Counted {
  return { subjects: includeArchived ? ['orders', 'archived_orders'] : ['orders'], eventId, period }
}

/** Orders that `text` names whole: order code, public id, payment reference, a ticket's check-in code or public id. */
export async function listOrderIdsByReference(db: Db, accountId: number, text: string): Promise<number[]> {
  const bare = text.toLowerCase().replaceAll('-', '')
  const code = readCode(text) ?? ''
  const rows = await db<{ id: number }[]>`
    select id from orders where account_id = ${accountId} and order_code = ${code}
    union select id from orders where account_id = ${accountId} and public_id = ${bare}
    union select id from orders where account_id = ${accountId} and lower(replace(payment_reference, '-', '')) = ${bare}
    union select order_id from tickets where account_id = ${accountId} and check_in_code = ${code}
    union select order_id from tickets where account_id = ${accountId} and public_id = ${bare}`
  return rows.map((row) => row.id)
}

/** By public id, or by order code in any case, with or without its dash. */
export async function findOrder(db: Db, accountId: number, ref: string): Promise<OrderRow | undefined> {
  const [row] = await db<OrderRow[]>`
    select ${orderColumns(db)} from orders o
    where o.account_id = ${accountId} and o.id in (
      select id from orders where account_id = ${accountId} and public_id = ${ref}
      union all
      select id from orders where account_id = ${accountId} and order_code = ${readCode(ref) ?? ''}
    )`
  return row
}

/** All paid orders of the customer, archived too, latest paid first. */
export async function listOrdersOfCustomer(db: Db, accountId: number, customerId: number): Promise<OrderRow[]> {
  return db<OrderRow[]>`
    select ${orderColumns(db)} from orders o
    where o.account_id = ${accountId} and o.customer_id = ${customerId}
    order by o.paid_at desc, o.id desc`
}

export interface LineRow {
  publicId: string
  ticketTypeId: number
  name: string
  quantity: number
  unitPriceMinor: bigint
  discountMinor: bigint
  totalMinor: bigint
  taxRate: string | null
  taxMinor: bigint
}

export async function listLines(db: Db, accountId: number, orderId: number): Promise<LineRow[]> {
  return db<LineRow[]>`
    select public_id, ticket_type_id, name, quantity, unit_price_minor, discount_minor, total_minor, tax_rate, tax_minor
    from order_lines where account_id = ${accountId} and order_id = ${orderId} order by position`
}

export interface TicketRow {
  publicId: string
  checkInCode: string
  ticketTitle: string
  attendeeName: string | null
  eventId: number
  eventSlug: string
  redeemedAt: string | null
  cancelledAt: string | null
}

export async function listTickets(db: Db, accountId: number, orderId: number): Promise<TicketRow[]> {
  return db<TicketRow[]>`
    select t.public_id, t.check_in_code, l.name as ticket_title, t.attendee_name, t.event_id, e.slug as event_slug,
           t.redeemed_at, t.cancelled_at
    from tickets t
    join order_lines l on l.account_id = t.account_id and l.order_id = t.order_id and l.position = t.line_position
    cross join lateral (
      select slug from events e where e.account_id = t.account_id and e.id = t.event_id limit 1 -- by id, not all of the account's
    ) e
    where t.account_id = ${accountId} and t.order_id = ${orderId} order by t.position`
}

export async function updateOrderArchived(db: Db, accountId: number, orderId: number, at: Date | null): Promise<void> {
  await db`
    update orders set archived_at = ${at}
    where account_id = ${accountId} and id = ${orderId} and (archived_at is null) = (${at}::timestamptz is not null)`
}

export interface NewOrder {
  publicId: string
  orderCode: string
  eventId: number
  customerId: number
  customerName: string
  customerEmail: string
  marketingConsent: boolean
  consentLocale: 'en' | 'de' | null
  consentVersion: number | null
  totalMinor: bigint
  paymentProvider: string
  paymentReference: string | null
  paymentId: number | null
  promoCodeId: number | null
  ticketCount: number
  lineCount: number
  attribution: Record<string, string>
  createdAt: Date
  paidAt: Date
}

export async function insertOrder(db: Db, accountId: number, order: NewOrder): Promise<number> {
  const { attribution, ...columns } = order
  const [row] = await db<[{ id: number }]>`
    insert into orders ${db({ accountId, origin: 'checkout', ...columns, attribution: db.json(attribution) })} returning id`
  return row.id
}

export type NewLine = LineRow & { position: number }

export async function insertLines(db: Db, accountId: number, orderId: number, lines: NewLine[]): Promise<void> {
  await db`insert into order_lines ${db(lines.map((line) => ({ accountId, orderId, ...line })))}`
}

export interface NewTicket {
  position: number
  linePosition: number
  eventId: number
  ticketTypeId: number
  publicId: string
  checkInCode: string
  secret: string
}

/** Names the guest of a ticket that is neither used nor cancelled; null takes the name away. */
export async function updateAttendeeName(
  db: Db,
  accountId: number,
  orderId: number,
  ticketPublicId: string,
  name: string | null,
): Promise<void> {
  await db`
    update tickets set attendee_name = ${name}
    where account_id = ${accountId} and order_id = ${orderId} and public_id = ${ticketPublicId}
      and redeemed_at is null and cancelled_at is null and attendee_name is distinct from ${name}`
}

/** Also counts them as sold where their places are counted (see migration 0006). */
export async function insertTickets(db: Db, accountId: number, orderId: number, tickets: NewTicket[]): Promise<void> {
  await db`insert into tickets ${db(tickets.map((ticket) => ({ accountId, orderId, ...ticket })))}`
}
