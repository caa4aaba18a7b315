import type { Db } from '../platform/database.ts'
import type { Locale } from '../platform/formats.ts'

/** An order as its buyer needs it at the door: what, when, where, and the tickets that are valid. */
export interface AdmissionRow {
  accountId: number
  accountName: string
  subdomain: string
  currency: string
  imprint: string | null
  orderId: number
  publicId: string
  orderCode: string
  locale: Locale
  customerName: string
  customerEmail: string
  totalMinor: bigint
  refundedMinor: bigint
  paidAt: string
  eventId: number
  eventTitle: string
  attendeeNote: string | null
  startsAt: string
  doorsOpenAt: string | null
  endsAt: string
  showEndTime: boolean
  timeZone: string
  venueName: string
  venueAddress: string
  venuePostalCode: string
  venueCity: string
  venueCountry: string
}

export interface AdmissionTicket {
  title: string
  attendeeName: string | null
  checkInCode: string
  /** What the QR code holds: at least 128 random bits. */
  secret: string
}

/** By public id, or by id. */
export async function findAdmission(
  db: Db,
  accountId: number,
  order: { publicId: string } | { id: number },
): Promise<AdmissionRow | undefined> {
  const named = 'id' in order ? db`o.id = ${order.id}` : db`o.public_id = ${order.publicId}`
  const [row] = await db<AdmissionRow[]>`
    select o.account_id, a.name as account_name, a.subdomain, a.currency, a.imprint, o.id as order_id, o.public_id,
           o.order_code, coalesce(c.locale, a.locale) as locale, o.customer_name, o.customer_email, o.total_minor,
           o.refunded_minor, o.paid_at, e.id as event_id, e.title as event_title, e.attendee_note, e.starts_at,
           e.doors_open_at, e.ends_at, e.show_end_time, e.time_zone, e.venue_name, e.venue_address, e.venue_postal_code,
           e.venue_city, e.venue_country
    from orders o
    join accounts a on a.id = o.account_id
    cross join lateral ( -- by id, not all of the account's
      select e.id, e.title, e.attendee_note, e.starts_at, e.doors_open_at, e.ends_at, e.show_end_time, v.time_zone,
             v.name as venue_name, v.address as venue_address, v.postal_code as venue_postal_code, v.city as venue_city,
             v.country as venue_country
      from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
      where e.account_id = o.account_id and e.id = o.event_id limit 1
    ) e
    left join checkouts c on c.account_id = o.account_id and c.order_id = o.id
    where o.account_id = ${accountId} and ${named}`
  return row
}

/** The order's tickets that have not ended, in their order. */
export async function listAdmissionTickets(db: Db, accountId: number, orderId: number): Promise<AdmissionTicket[]> {
  return db<AdmissionTicket[]>`
    select l.name as title, t.attendee_name, t.check_in_code, t.secret
    from tickets t
    join order_lines l on l.account_id = t.account_id and l.order_id = t.order_id and l.position = t.line_position
    where t.account_id = ${accountId} and t.order_id = ${orderId} and t.cancelled_at is null
    order by t.position`
}
