import type { Db } from '../platform/database.ts'

export interface FeedEventRow {
  id: number
  slug: string
  title: string
  description: string | null
  startsAt: string
  endsAt: string
  salesStartsAt: string | null
  salesEndsAt: string
  timeZone: string
  minimumAge: number | null
  venueName: string
  venueAddress: string
  venuePostalCode: string
  venueCity: string
  venueCountry: string
  venueLatitude: string | null
  venueLongitude: string | null
  /** There are ticket types and none has a place left. */
  soldOut: boolean
  cheapestMinor: bigint | null
}

/**
 * What is published and has not ended at `now`, soonest first: all that is listed, or the one with a slug (also one that
 * is not listed, and also by an earlier slug). A hold that ran out counts as free.
 */
export async function listFeedEvents(db: Db, accountId: number, now: Date, slug?: string): Promise<FeedEventRow[]> {
  const chosen =
    slug === undefined
      ? db`and e.listed`
      : db`and e.id = (select event_id from event_slugs where account_id = ${accountId} and slug = ${slug})`
  return db<FeedEventRow[]>`
    select e.id, e.slug, e.title, e.description, e.starts_at, e.ends_at, e.sales_starts_at, e.sales_ends_at, e.minimum_age,
           v.time_zone, v.name as venue_name, v.address as venue_address, v.postal_code as venue_postal_code,
           v.city as venue_city, v.country as venue_country, v.latitude as venue_latitude, v.longitude as venue_longitude,
           t.types > 0 and t.available = 0 as sold_out, t.cheapest_minor
    from events e
    join venues v on v.account_id = e.account_id and v.id = e.venue_id
    cross join lateral (
      select count(*) as types, count(*) filter (where has_place) as available,
             min(price_minor) filter (where has_place) as cheapest_minor
      from (
        select t.price_minor,
               (t.stock is null or t.stock - t.sold - t.held + coalesce(x.of_type, 0) > 0)
               and (p.capacity is null or p.capacity - p.sold - p.held + coalesce(x.of_event, 0) > 0) as has_place
        from ticket_types t
        join event_places p on p.account_id = t.account_id and p.event_id = t.event_id
        cross join lateral (
          select sum(h.quantity) as of_event, sum(h.quantity) filter (where h.ticket_type_id = t.id) as of_type
          from holds h where h.account_id = e.account_id and h.event_id = e.id and h.expires_at <= ${now}
        ) x
        where t.account_id = e.account_id and t.event_id = e.id and t.state = 'active'
      ) types
    ) t
    where e.account_id = ${accountId} and e.published and e.ends_at > ${now} ${chosen}
    order by e.starts_at, e.id`
}

export interface EventFace {
  title: string
  slug: string
  startsAt: string
  timeZone: string
}

export async function findEventFace(db: Db, accountId: number, eventId: number): Promise<EventFace | undefined> {
  const [row] = await db<EventFace[]>`
    select e.title, e.slug, e.starts_at, v.time_zone
    from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
    where e.account_id = ${accountId} and e.id = ${eventId}`
  return row
}

export interface OrderSurroundings extends EventFace {
  customerId: number
  consentStands: boolean
  /** The buyer's language; null for an order that was not made in the shop. */
  locale: 'en' | 'de' | null
}

/** What the buyer's page shows beside the order itself. */
export async function findOrderSurroundings(db: Db, accountId: number, orderId: number): Promise<OrderSurroundings> {
  const [row] = await db<[OrderSurroundings]>`
    select e.title, e.slug, e.starts_at, e.time_zone, o.customer_id,
           cu.marketing_consent_at is not null as consent_stands, c.locale
    from orders o
    cross join lateral ( -- by id, not all of the account's
      select e.title, e.slug, e.starts_at, v.time_zone
      from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
      where e.account_id = o.account_id and e.id = o.event_id limit 1
    ) e
    join customers cu on cu.account_id = o.account_id and cu.id = o.customer_id
    left join checkouts c on c.account_id = o.account_id and c.order_id = o.id
    where o.account_id = ${accountId} and o.id = ${orderId}`
  return row
}

export interface LatestPayment {
  status: string
  returnReason: string | null
}

/** What became of the checkout's latest payment, if there was one. */
export async function findLatestPayment(
  db: Db,
  accountId: number,
  checkoutPublicId: string,
): Promise<LatestPayment | undefined> {
  const [row] = await db<LatestPayment[]>`
    select status, return_reason from payments
    where account_id = ${accountId} and checkout_public_id = ${checkoutPublicId} order by id desc limit 1`
  return row
}

/** The slug of the event whose checkout was given up; undefined where there is no such checkout. */
export async function findAbandonedCheckoutEvent(
  db: Db,
  accountId: number,
  checkoutPublicId: string,
): Promise<string | undefined> {
  const [row] = await db<{ slug: string }[]>`
    select (select slug from events e where e.account_id = c.account_id and e.id = c.event_id) as slug
    from checkouts c
    where c.account_id = ${accountId} and c.public_id = ${checkoutPublicId} and c.status = 'abandoned'`
  return row?.slug
}
