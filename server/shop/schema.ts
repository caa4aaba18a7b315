import { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { Instant, Money, Nullable } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import type { TicketTypeRow } from '../ticketing/queries.ts'
import type { FeedEventRow } from './queries.ts'

const feedEventFields = {
  slug: Type.String(),
  title: Type.String(),
  description: Nullable(Type.String()),
  url: Type.String(),
  starts_at: Instant,
  ends_at: Instant,
  sales_starts_at: Nullable(Instant),
  sales_ends_at: Instant,
  time_zone: Type.String(),
  minimum_age: Nullable(Type.Integer()),
  sold_out: Type.Boolean(),
  image_url: Nullable(Type.String()),
  venue: Type.Object({
    name: Type.String(),
    address: Type.String(),
    postal_code: Type.String(),
    city: Type.String(),
    country: Type.String(),
    latitude: Nullable(Type.String()),
    longitude: Nullable(Type.String()),
    time_zone: Type.String(),
  }),
  cheapest_available_price: Type.Union([Money, Type.Null()]),
}
const FeedEvent = Type.Object(feedEventFields, { title: 'FeedEvent' })
export const Feed = Type.Object({ events: Type.Array(FeedEvent) }, { title: 'Feed' })

const FeedTicket = Type.Object(
  { id: Type.Integer(), title: Type.String(), price: Money, available: Type.Boolean(), max_per_order: Type.Integer() },
  { title: 'FeedTicket' },
)
export const FeedEventWithTickets = Type.Object(
  { ...feedEventFields, tickets: Type.Array(FeedTicket) },
  { title: 'FeedEventWithTickets' },
)

export function presentFeedEvent(row: FeedEventRow, account: Account, shopUrl: string): Type.Static<typeof FeedEvent> {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    url: `${shopUrl}/events/${row.slug}`,
    starts_at: row.startsAt,
    ends_at: row.endsAt,
    sales_starts_at: row.salesStartsAt,
    sales_ends_at: row.salesEndsAt,
    time_zone: row.timeZone,
    minimum_age: row.minimumAge,
    sold_out: row.soldOut,
    image_url: null,
    venue: {
      name: row.venueName,
      address: row.venueAddress,
      postal_code: row.venuePostalCode,
      city: row.venueCity,
      country: row.venueCountry,
      latitude: row.venueLatitude,
      longitude: row.venueLongitude,
      time_zone: row.timeZone,
    },
    cheapest_available_price: row.cheapestMinor === null ? null : money(row.cheapestMinor, account.currency),
  }
}

/** Whether there are places is told, how many is not. */
export function presentFeedTicket(row: TicketTypeRow, currency: string): Type.Static<typeof FeedTicket> {
  return {
    id: row.id,
    title: row.title,
    price: money(row.priceMinor, currency),
    available: row.left === null || row.left > 0,
    max_per_order: row.maxPerOrder,
  }
}
