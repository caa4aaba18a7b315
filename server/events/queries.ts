import type { Db } from '../platform/database.ts'
import { type Period, periodStart } from '../platform/period.ts'
import { ask, type Columns, columnsOf, selectedAll, sql } from '../platform/sql.ts'

export interface VenueFields {
  name: string
  address: string
  city: string
  postalCode: string
  country: string
  timeZone: string
  latitude: string | null
  longitude: string | null
}
export type VenueRow = VenueFields & { id: number; eventCount: number }

/** All venues of the account by name, or the one with `id`. */
export async function listVenues(db: Db, accountId: number, id?: number): Promise<VenueRow[]> {
  return db<VenueRow[]>`
    select id, name, address, city, postal_code, country, time_zone, latitude, longitude,
           (select count(*)::integer from events e where e.account_id = v.account_id and e.venue_id = v.id) as event_count
    from venues v
    where account_id = ${accountId} ${id === undefined ? db`` : db`and id = ${id}`}
    order by search_fold(name), name, id`
}

export async function insertVenue(db: Db, accountId: number, venue: VenueFields): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into venues ${db({ accountId, ...venue })} returning id`
  return row.id
}

export async function lockVenue(db: Db, accountId: number, id: number): Promise<void> {
  await db`select from venues where account_id = ${accountId} and id = ${id} for no key update`
}

export async function updateVenue(db: Db, accountId: number, id: number, venue: VenueFields): Promise<void> {
  await db`update venues set ${db(venue)} where account_id = ${accountId} and id = ${id}`
}

export async function deleteVenue(db: Db, accountId: number, id: number): Promise<boolean> {
  const rows = await db`delete from venues where account_id = ${accountId} and id = ${id} returning id`
  return rows.length === 1
}

export interface Question {
  question: string
  answer: string
}

/** Instants are the wire's text. */
export interface EventFields {
  venueId: number
  slug: string
  title: string
  description: string | null
  attendeeNote: string | null
  startsAt: string
  doorsOpenAt: string | null
  endsAt: string
  showEndTime: boolean
  salesStartsAt: string | null
  salesEndsAt: string
  listed: boolean
  minimumAge: number | null
  capacity: number | null
  faq: Question[]
}
export interface EventRow extends EventFields {
  id: number
  published: boolean
  venueName: string
  venueCity: string
}

export const eventColumns: Columns = {
  ...columnsOf('e', [
    ...['id', 'venue_id', 'slug', 'title', 'description', 'attendee_note', 'starts_at', 'doors_open_at', 'ends_at'],
    ...['show_end_time', 'sales_starts_at', 'sales_ends_at', 'published', 'listed', 'minimum_age', 'capacity', 'faq'],
  ]),
  ...{ venue_name: sql`v.name`, venue_city: sql`v.city` },
}
const columns = selectedAll(eventColumns)

/** To stand behind `from`. */
export const eventsWithVenue = sql`events e join venues v on v.account_id = e.account_id and v.id = e.venue_id`

/** By its slug of today or an earlier one. */
export async function findEvent(db: Db, accountId: number, slug: string): Promise<EventRow | undefined> {
  const [row] = await ask<EventRow>(
    db,
    sql`
    select ${columns} from ${eventsWithVenue}
    where e.account_id = ${accountId}
      and e.id = (select event_id from event_slugs where account_id = ${accountId} and slug = ${slug})`,
  )
  return row
}

/** What has not ended at `now`, soonest first. */
export async function listUpcomingEvents(db: Db, accountId: number, now: Date): Promise<EventRow[]> {
  return ask<EventRow>(
    db,
    sql`
    select ${columns} from ${eventsWithVenue}
    where e.account_id = ${accountId} and e.ends_at >= ${now} order by e.starts_at, e.id`,
  )
}

/** What has ended at `now` and began in the period (undefined: ever), latest first. */
export async function listPastEvents(
  db: Db,
  accountId: number,
  now: Date,
  period: Period | undefined,
): Promise<EventRow[]> {
  return ask<EventRow>(
    db,
    sql`
    select ${columns} from ${eventsWithVenue}
    where e.account_id = ${accountId} and e.ends_at < ${now} ${period ? sql`and e.starts_at >= ${periodStart(period)}` : sql``}
    order by e.starts_at desc, e.id desc`,
  )
}

export async function listEventsOfVenue(db: Db, accountId: number, venueId: number): Promise<EventRow[]> {
  return ask<EventRow>(
    db,
    sql`
    select ${columns} from ${eventsWithVenue}
    where e.account_id = ${accountId} and e.venue_id = ${venueId} order by e.starts_at desc, e.id desc`,
  )
}

/** Every slug, of today or earlier, that is `slug` or begins with it and a dash. */
export async function listTakenSlugs(db: Db, accountId: number, slug: string): Promise<Set<string>> {
  const rows = await db<{ slug: string }[]>`
    select slug from event_slugs where account_id = ${accountId} and (slug = ${slug} or slug like ${`${slug}-%`})`
  return new Set(rows.map((row) => row.slug))
}

function writtenColumns(db: Db, { faq, ...fields }: EventFields) {
  return { ...fields, faq: db.json(faq.map(({ question, answer }) => ({ question, answer }))) }
}

export async function insertEvent(db: Db, accountId: number, event: EventFields, createdAt: Date): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into events ${db({ accountId, ...writtenColumns(db, event), createdAt })} returning id`
  return row.id
}

export async function lockEvent(db: Db, accountId: number, eventId: number): Promise<void> {
  await db`select from events where account_id = ${accountId} and id = ${eventId} for no key update`
}

export async function updateEvent(db: Db, accountId: number, eventId: number, event: EventFields): Promise<void> {
  await db`update events set ${db(writtenColumns(db, event))} where account_id = ${accountId} and id = ${eventId}`
}

export async function updateEventPublished(
  db: Db,
  accountId: number,
  eventId: number,
  published: boolean,
): Promise<void> {
  await db`update events set published = ${published} where account_id = ${accountId} and id = ${eventId}`
}

/** Its checkouts first, as those who pay for them do: else both would wait for each other. */
export async function deleteEvent(db: Db, accountId: number, eventId: number): Promise<void> {
  await db`select from checkouts where account_id = ${accountId} and event_id = ${eventId} order by id for update`
  await db`delete from events where account_id = ${accountId} and id = ${eventId}`
}
