import { type EventRow, findEvent, insertEvent, listTakenSlugs } from '../events/queries.ts'
import { naming } from '../events/save-event.ts'
import { freeSlug, slugOf } from '../events/slug.ts'
import { type Db, type Tx, transaction } from '../platform/database.ts'
import { notFound } from '../platform/refusal.ts'
import { insertCopiedTicketTypes } from './queries.ts'

/** Makes a draft with the same details and ticket types, "Copy of …", nothing sold. Throws 404. */
export async function duplicateEvent(db: Db, accountId: number, slug: string, now: Date): Promise<EventRow> {
  return naming(undefined, () => transaction(db, (tx) => duplicate(tx, accountId, slug, now)))
}

async function duplicate(tx: Tx, accountId: number, slug: string, now: Date): Promise<EventRow> {
  const event = await findEvent(tx, accountId, slug)
  if (!event) throw notFound()
  const { id, published: _, venueName: _name, venueCity: _city, ...fields } = event
  const title = `Copy of ${event.title}`
  const wish = slugOf(title)
  const copySlug = freeSlug(wish, await listTakenSlugs(tx, accountId, wish))
  const copyId = await insertEvent(tx, accountId, { ...fields, title, slug: copySlug }, now)
  await insertCopiedTicketTypes(tx, accountId, id, copyId)
  return { ...event, id: copyId, title, slug: copySlug, published: false }
}
