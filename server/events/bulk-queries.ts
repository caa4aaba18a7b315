import type { Account } from '../accounts/account.ts'
import type { Tx } from '../platform/database.ts'
import { insertVenue } from './queries.ts'

const venueName = 'Imported events'
const notKnown = '–'

/** The venue of events that an import makes: the account's first one of that name. Resolves to its id. */
export async function findOrInsertImportVenue(tx: Tx, account: Account): Promise<number> {
  const [found] = await tx<{ id: number }[]>`
    select id from venues where account_id = ${account.id} and name = ${venueName} order by id limit 1`
  const unknown = { address: notKnown, city: notKnown, postalCode: notKnown, latitude: null, longitude: null }
  return (
    found?.id ?? insertVenue(tx, account.id, { name: venueName, country: 'DE', timeZone: account.timeZone, ...unknown })
  )
}

/** Makes events that an import has found in its file, by their slugs: not published, in the venue. Resolves to their ids. */
export async function insertImportedEvents(
  tx: Tx,
  accountId: number,
  venueId: number,
  createdAt: Date,
  events: { slug: string; heldAt: Date }[],
): Promise<Map<string, number>> {
  const rows = await tx<{ id: number; slug: string }[]>`
    insert into events (account_id, venue_id, slug, title, starts_at, ends_at, sales_ends_at, created_at)
    select ${accountId}, ${venueId}, slug, slug, held_at, held_at, held_at, ${createdAt}
    from unnest(${events.map(({ slug }) => slug)}::text[], ${events.map(({ heldAt }) => heldAt.toISOString())}::timestamptz[])
      as e (slug, held_at)
    returning id, slug`
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}

/** Gives the events that an import has made their titles and times. */
export async function updateImportedEvents(
  tx: Tx,
  accountId: number,
  events: { id: number; title: string; heldAt: Date }[],
): Promise<void> {
  await tx`
    update events e set title = d.title, starts_at = d.held_at, ends_at = d.held_at, sales_ends_at = d.held_at
    from unnest(${events.map(({ id }) => id)}::integer[], ${events.map(({ title }) => title)}::text[],
                ${events.map(({ heldAt }) => heldAt.toISOString())}::timestamptz[]) as d (id, title, held_at)
    where e.account_id = ${accountId} and e.id = d.id`
}

/** Keeps the events from being deleted until the transaction ends. False where one is gone. */
export async function lockImportedEvents(tx: Tx, accountId: number, ids: number[]): Promise<boolean> {
  const locked = await tx`
    select id from events where account_id = ${accountId} and id = any (${ids}::integer[]) for key share`
  return locked.count === ids.length
}
