import type { Db } from '../../platform/database.ts'
import type { InvoiceDocument, InvoiceKind } from './invoice.ts'

export interface InvoiceRow {
  id: number
  refundId: number | null
  number: string
  kind: InvoiceKind
  issuedAt: string
  totalMinor: bigint
  document: InvoiceDocument
}

const invoiceColumns = (db: Db) => db`id, refund_id, number, kind, issued_at, total_minor, document`

/** In the order in which they were issued. */
export async function listInvoices(db: Db, accountId: number, orderId: number): Promise<InvoiceRow[]> {
  return db<InvoiceRow[]>`
    select ${invoiceColumns(db)} from invoices where account_id = ${accountId} and order_id = ${orderId} order by id`
}

export async function findInvoice(
  db: Db,
  accountId: number,
  orderPublicId: string,
  number: string,
): Promise<InvoiceRow | undefined> {
  const [row] = await db<InvoiceRow[]>`
    select ${invoiceColumns(db)} from invoices
    where account_id = ${accountId} and number = ${number}
      and order_id = (select id from orders where account_id = ${accountId} and public_id = ${orderPublicId})`
  return row
}

/** What an invoice says that is not in its order: by whom, for whom and what for, as of this moment. */
export interface InvoiceFacts {
  paymentProvider: string
  totalMinor: bigint
  paidAt: string
  orderCode: string
  buyerName: string
  buyerCompany: string | null
  buyerEmail: string
  locale: 'en' | 'de'
  currency: string
  timeZone: string
  organizerName: string
  imprint: string | null
  vatId: string | null
  eventTitle: string
  eventOn: string
  eventPlace: string
}

export async function findInvoiceFacts(db: Db, accountId: number, orderId: number): Promise<InvoiceFacts | undefined> {
  const [row] = await db<InvoiceFacts[]>`
    select o.payment_provider, o.total_minor, o.paid_at, o.order_code, o.customer_name as buyer_name,
           c.buyer ->> 'company' as buyer_company, o.customer_email as buyer_email, c.locale, a.currency, a.time_zone,
           a.name as organizer_name, a.imprint, a.vat_id, e.title as event_title,
           to_char(e.starts_at at time zone e.time_zone, 'YYYY-MM-DD') as event_on, concat_ws(', ', e.venue, e.city) as event_place
    from orders o
    join accounts a on a.id = o.account_id
    join checkouts c on c.account_id = o.account_id and c.order_id = o.id
    cross join lateral ( -- by id, not all of the account's
      select e.title, e.starts_at, v.time_zone, v.name as venue, v.city
      from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
      where e.account_id = o.account_id and e.id = o.event_id limit 1
    ) e
    where o.account_id = ${accountId} and o.id = ${orderId}`
  return row
}

export interface RefundToInvoice {
  id: number
  amountMinor: bigint
  /** null where it had gone back, and came back after all. */
  refundedAt: string | null
}

/** The order's refunds that have no cancellation yet, and those whose cancellation is to be taken back. */
export async function listRefundsToInvoice(db: Db, accountId: number, orderId: number): Promise<RefundToInvoice[]> {
  return db<RefundToInvoice[]>`
    select r.id, r.amount_minor, r.refunded_at
    from refunds r
    left join invoices c on c.account_id = r.account_id and c.refund_id = r.id and c.kind = 'cancellation'
    left join invoices b on b.account_id = r.account_id and b.refund_id = r.id and b.kind = 'invoice'
    where r.account_id = ${accountId} and r.order_id = ${orderId}
      and ((r.status = 'succeeded' and c.id is null) or (r.status = 'failed' and c.id is not null and b.id is null))
    order by r.id`
}

export interface NewInvoice {
  orderId: number
  refundId: number | null
  kind: InvoiceKind
  issuedAt: string | Date
  totalMinor: bigint
  timeZone: string
  document: Omit<InvoiceDocument, 'issuedOn'>
}

/**
 * Takes the next number of the account's year and writes the invoice, in one statement. The counter's row stays locked
 * until the transaction ends: nobody else takes a number before it is sure that this one is used.
 */
export async function insertInvoice(db: Db, accountId: number, invoice: NewInvoice): Promise<void> {
  const { orderId, refundId, kind, issuedAt, totalMinor, timeZone, document } = invoice
  await db`
    with day as (select (${issuedAt}::timestamptz at time zone ${timeZone})::date as issued_on),
    taken as (
      insert into invoice_counters as c (account_id, year, last_number)
      select ${accountId}, extract(year from issued_on)::integer, 1 from day
      on conflict (account_id, year) do update set last_number = c.last_number + 1
      returning year, last_number
    )
    insert into invoices (account_id, order_id, refund_id, kind, year, sequence, issued_at, total_minor, document)
    select ${accountId}, ${orderId}, ${refundId}, ${kind}, taken.year, taken.last_number, ${issuedAt}, ${totalMinor},
           ${db.json(JSON.parse(JSON.stringify(document)))}::jsonb || jsonb_build_object('issuedOn', day.issued_on)
    from taken, day`
}
