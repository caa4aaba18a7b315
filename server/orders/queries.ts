import { callersAccount } from '../accounts/account-sql.ts'
import { readCode } from '../platform/codes.ts'
import type { Db } from '../platform/database.ts'
import { ask, type Columns, columnsOf, type Sql, selectedAll, sql } from '../platform/sql.ts'

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

export const orderColumns: Columns = {
  ...columnsOf('o', [
    ...['id', 'public_id', 'order_code', 'origin', 'customer_name', 'customer_email', 'staff_note', 'total_minor'],
    ...['refunded_minor', 'pending_refund_minor', 'payment_provider', 'ticket_count', 'line_count', 'attribution'],
    ...['created_at', 'paid_at'],
  ]),
  cancelled: sql`o.cancelled_at is not null`,
  archived: sql`o.archived_at is not null`,
}
const columns = selectedAll(orderColumns)

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
  const [row] = await ask<OrderRow>(
    db,
    sql`
    select ${columns} from orders o
    where o.account_id = ${accountId} and o.id in (
      select id from orders where account_id = ${accountId} and public_id = ${ref}
      union all
      select id from orders where account_id = ${accountId} and order_code = ${readCode(ref) ?? ''}
    )`,
  )
  return row
}

/** All paid orders of the caller's customer, archived too, latest paid first, for a `Question`. */
export function ordersOfCustomer(customerId: number): Sql {
  return sql`from orders o where o.account_id = ${callersAccount.id} and o.customer_id = ${customerId}
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

export type NewLine = LineRow & { position: number }

/** With its lines, as one statement. */
export async function insertOrder(db: Db, accountId: number, order: NewOrder, lines: NewLine[]): Promise<number> {
  const { attribution, ...columns } = order
  const [row] = await db<[{ id: number }]>`
    with made as (
      insert into orders ${db({ accountId, origin: 'checkout', ...columns, attribution: db.json(attribution) })}
      returning account_id, id
    )
    insert into order_lines (account_id, order_id, position, public_id, ticket_type_id, name, quantity, unit_price_minor,
      discount_minor, total_minor, tax_rate, tax_minor)
    select account_id, id, position, "publicId", "ticketTypeId", name, quantity, "unitPriceMinor",
           "discountMinor", "totalMinor", "taxRate", "taxMinor"
    from made, jsonb_to_recordset(${db.json(lines.map(writtenLine))}) as line (position integer, "publicId" text,
      "ticketTypeId" integer, name text, quantity integer, "unitPriceMinor" bigint, "discountMinor" bigint,
      "totalMinor" bigint, "taxRate" numeric, "taxMinor" bigint)
    returning order_id as id`
  return row.id
}

/** JSON has no numbers of that size. */
function writtenLine(line: NewLine) {
  const { unitPriceMinor, discountMinor, totalMinor, taxMinor, ...rest } = line
  const amounts = { unitPriceMinor, discountMinor, totalMinor, taxMinor }
  return { ...rest, ...Object.fromEntries(Object.entries(amounts).map(([name, minor]) => [name, String(minor)])) }
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
