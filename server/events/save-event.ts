import { type Db, type Tx, transaction, violatedConstraint } from '../platform/database.ts'
import { invalid, notFound } from '../platform/refusal.ts'
import { parseInstant, wireTime } from '../platform/time.ts'
import {
  type EventFields,
  type EventRow,
  findEvent,
  insertEvent,
  listTakenSlugs,
  listVenues,
  lockEvent,
  updateEvent,
} from './queries.ts'
import type { EventChanges, EventInput } from './schema.ts'
import { freeSlug, isSlug, slugOf } from './slug.ts'

/**
 * Makes a draft. Times without an offset are the venue's; `sales_ends_at` is the start unless given, the slug comes
 * from the title unless given. Throws 422 on the field that can't be so.
 */
export async function createEvent(db: Db, accountId: number, input: EventInput, now: Date): Promise<EventRow> {
  return naming(input.slug, () =>
    transaction(db, async (tx) => {
      const event = await readEvent(tx, accountId, input, undefined)
      const slug = input.slug ? event.slug : freeSlug(event.slug, await listTakenSlugs(tx, accountId, event.slug))
      await insertEvent(tx, accountId, { ...event, slug }, now)
      return reread(tx, accountId, slug)
    }),
  )
}

/** Changes what `input` names; an old slug keeps working. Throws 404, or 422 as `createEvent`. */
export async function changeEvent(db: Db, accountId: number, slug: string, input: EventChanges): Promise<EventRow> {
  return naming(input.slug, () =>
    transaction(db, async (tx) => {
      const found = await findEvent(tx, accountId, slug)
      if (!found) throw notFound()
      await lockEvent(tx, accountId, found.id)
      const event = await readEvent(tx, accountId, input, await reread(tx, accountId, slug))
      await updateEvent(tx, accountId, found.id, event)
      return reread(tx, accountId, event.slug)
    }),
  )
}

async function reread(tx: Tx, accountId: number, slug: string): Promise<EventRow> {
  const event = await findEvent(tx, accountId, slug)
  if (!event) throw notFound()
  return event
}

/** Each time one of those that choose the same slug at once gets it: as many may do so. */
const patience = 50

/** Two that ask for one slug at once: the database decides. A slug made from the title is then made again. */
export async function naming<T>(slug: string | null | undefined, save: () => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await save()
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'event_capacity_taken')
      throw invalid('capacity', 'is less than the places that are sold or held')
    if (constraint !== 'event_slugs_pkey' && constraint !== 'events_account_id_slug_key') throw error
    if (slug || attempt === patience) throw invalid('slug', 'has already been taken')
    return naming(slug, save, attempt + 1)
  }
}

async function readEvent(
  tx: Tx,
  accountId: number,
  input: EventChanges,
  now: EventRow | undefined,
): Promise<EventFields> {
  const venueId = input.venue_id === undefined ? now?.venueId : Number(input.venue_id)
  const [venue] = venueId === undefined || venueId > 2_147_483_647 ? [] : await listVenues(tx, accountId, venueId)
  if (!venue) throw invalid('venue_id', 'must exist')
  const instant = (field: 'starts_at' | 'ends_at' | 'doors_open_at' | 'sales_starts_at' | 'sales_ends_at') => {
    const text = input[field]?.trim()
    if (!text) return null
    const read = parseInstant(text, venue.timeZone)
    if (!read) throw invalid(field, 'is invalid')
    return wireTime(read)
  }
  const required = (field: 'starts_at' | 'ends_at', before: string | undefined) => {
    const read = input[field] === undefined ? before : instant(field)
    if (!read) throw invalid(field, "can't be blank")
    return read
  }
  const optional = (field: 'doors_open_at' | 'sales_starts_at', before: string | null | undefined) =>
    input[field] === undefined ? (before ?? null) : instant(field)

  const title = input.title?.trim() ?? now?.title ?? ''
  const startsAt = required('starts_at', now?.startsAt)
  const salesFollowStart =
    input.sales_ends_at === undefined ? !now || now.salesEndsAt === now.startsAt : !instant('sales_ends_at')
  const event: EventFields = {
    venueId: venue.id,
    slug: input.slug?.trim() || (now?.slug ?? slugOf(title)),
    title,
    description: text(input.description, now?.description),
    attendeeNote: text(input.attendee_note, now?.attendeeNote),
    startsAt,
    doorsOpenAt: optional('doors_open_at', now?.doorsOpenAt),
    endsAt: required('ends_at', now?.endsAt),
    showEndTime: input.show_end_time ?? now?.showEndTime ?? true,
    salesStartsAt: optional('sales_starts_at', now?.salesStartsAt),
    salesEndsAt: salesFollowStart ? startsAt : (instant('sales_ends_at') ?? now?.salesEndsAt ?? startsAt),
    listed: input.listed ?? now?.listed ?? true,
    minimumAge: input.minimum_age === undefined ? (now?.minimumAge ?? null) : input.minimum_age,
    capacity: input.capacity === undefined ? (now?.capacity ?? null) : input.capacity,
    faq: input.faq === undefined ? (now?.faq ?? []) : readQuestions(input.faq),
  }
  if (!isSlug(event.slug)) throw invalid('slug', 'is invalid')
  if (event.endsAt < event.startsAt) throw invalid('ends_at', 'must be after the start')
  if (event.salesStartsAt && event.salesStartsAt >= event.salesEndsAt)
    throw invalid('sales_ends_at', 'must be after the start of sales')
  return event
}

function readQuestions(input: EventChanges['faq']): EventFields['faq'] {
  return (input ?? []).map(({ question, answer }) => ({ question: question.trim(), answer: answer.trim() }))
}

function text(input: string | null | undefined, before: string | null | undefined): string | null {
  return input === undefined ? (before ?? null) : input?.trim() || null
}
