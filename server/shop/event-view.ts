import type { Deps } from '../config.ts'
import { type EventRow, findEvent } from '../events/queries.ts'
import { wireTime } from '../platform/time.ts'
import { listTicketTypes, type TicketTypeRow } from '../ticketing/queries.ts'
import { type FeedEventRow, listFeedEvents } from './queries.ts'
import type { Visit } from './visit.ts'

export interface EventView {
  feed: FeedEventRow
  event: EventRow
  types: TicketTypeRow[]
  /** The wire's instant. */
  now: string
}

/** The event as the shop shows it, by its slug of today or an earlier one; undefined where it is not public. */
export async function findEventView(
  { db, clock }: Deps,
  { account }: Visit,
  slug: string,
): Promise<EventView | undefined> {
  const now = clock()
  const [[feed], event] = await Promise.all([
    listFeedEvents(db, account.id, now, slug),
    findEvent(db, account.id, slug),
  ])
  if (!feed || !event) return undefined
  return { feed, event, types: await listTicketTypes(db, account.id, event.id, ['active'], now), now: wireTime(now) }
}
