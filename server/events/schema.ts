import { Type } from 'typebox'
import { Instant, InstantInput, Nullable, Text } from '../platform/http/shapes.ts'
import type { EventRow, VenueRow } from './queries.ts'

const venueFields = {
  id: Type.Integer(),
  name: Type.String(),
  address: Type.String(),
  city: Type.String(),
  postal_code: Type.String(),
  country: Type.String(),
  timezone: Type.String(),
  latitude: Nullable(Type.String()),
  longitude: Nullable(Type.String()),
  event_count: Type.Integer(),
}
export const Venue = Type.Object(venueFields, { title: 'Venue' })
export const VenueList = Type.Object({ venues: Type.Array(Venue) }, { title: 'VenueList' })

const Coordinate = Type.Unsafe<string | number | null>({ type: ['string', 'number', 'null'], maxLength: 30 })

const venueInput = {
  name: Text(),
  address: Text(),
  city: Text(),
  postal_code: Text(30),
  country: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
  timezone: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
  latitude: Type.Optional(Coordinate),
  longitude: Type.Optional(Coordinate),
}
export const VenueInput = Type.Object(venueInput)
export const VenueChanges = Type.Partial(VenueInput)
export type VenueInput = Type.Static<typeof VenueInput>
export type VenueChanges = Type.Static<typeof VenueChanges>

export function presentVenue(row: VenueRow): Type.Static<typeof Venue> {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    city: row.city,
    postal_code: row.postalCode,
    country: row.country,
    timezone: row.timeZone,
    latitude: row.latitude,
    longitude: row.longitude,
    event_count: row.eventCount,
  }
}

const Question = Type.Object({ question: Type.String(), answer: Type.String() }, { title: 'Question' })

export const eventFields = {
  id: Type.Integer(),
  slug: Type.String(),
  title: Type.String(),
  description: Nullable(Type.String()),
  attendee_note: Nullable(Type.String()),
  starts_at: Instant,
  doors_open_at: Nullable(Instant),
  ends_at: Instant,
  show_end_time: Type.Boolean(),
  sales_starts_at: Nullable(Instant),
  sales_ends_at: Instant,
  published: Type.Boolean(),
  listed: Type.Boolean(),
  minimum_age: Nullable(Type.Integer()),
  capacity: Nullable(Type.Integer()),
  media: Type.Object({}),
  checkout_fees: Type.Object({}),
  venue: Type.Object({ id: Type.Integer(), name: Type.String(), city: Type.String() }),
}
/** Comes last wherever an event is shown. */
export const faqField = { faq: Type.Array(Question) }
export const Event = Type.Object({ ...eventFields, ...faqField }, { title: 'Event' })
export const VenueWithEvents = Type.Object({ ...venueFields, events: Type.Array(Event) }, { title: 'VenueWithEvents' })

const VenueId = Type.Unsafe<number | string>({ type: ['integer', 'string'], pattern: '^[1-9]\\d{0,9}$', minimum: 1 })

const eventInput = {
  title: Text(),
  venue_id: VenueId,
  starts_at: InstantInput,
  ends_at: InstantInput,
  slug: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
  description: Type.Optional(Nullable(Type.String({ maxLength: 50_000 }))),
  attendee_note: Type.Optional(Nullable(Type.String({ maxLength: 5_000 }))),
  doors_open_at: Type.Optional(Nullable(InstantInput)),
  show_end_time: Type.Optional(Type.Boolean()),
  sales_starts_at: Type.Optional(Nullable(InstantInput)),
  sales_ends_at: Type.Optional(Nullable(InstantInput)),
  listed: Type.Optional(Type.Boolean()),
  minimum_age: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 120 }))),
  capacity: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 10_000_000 }))),
  faq: Type.Optional(Nullable(Type.Array(Type.Object({ question: Text(500), answer: Text(5_000) }), { maxItems: 50 }))),
}
export const EventInput = Type.Object(eventInput)
export const EventChanges = Type.Partial(EventInput)
export type EventInput = Type.Static<typeof EventInput>
export type EventChanges = Type.Static<typeof EventChanges>

export function presentEvent(row: EventRow): Type.Static<typeof Event> {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    attendee_note: row.attendeeNote,
    starts_at: row.startsAt,
    doors_open_at: row.doorsOpenAt,
    ends_at: row.endsAt,
    show_end_time: row.showEndTime,
    sales_starts_at: row.salesStartsAt,
    sales_ends_at: row.salesEndsAt,
    published: row.published,
    listed: row.listed,
    minimum_age: row.minimumAge,
    capacity: row.capacity,
    media: {},
    checkout_fees: {},
    venue: { id: row.venueId, name: row.venueName, city: row.venueCity },
    faq: row.faq,
  }
}
