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

/** Makes the events that `import_events` has no id for: not published, held at its time, in the venue. */
export async function insertImportedEvents(tx: Tx, accountId: number, venueId: number, createdAt: Date): Promise<void> {
  await tx`
    with made as (
      insert into events (account_id, venue_id, slug, title, starts_at, ends_at, sales_ends_at, created_at)
      select ${accountId}, ${venueId}, slug, title, held_at, held_at, held_at, ${createdAt}
      from import_events where event_id is null order by slug
      returning id, slug
    )
    update import_events i set event_id = made.id from made where made.slug = i.slug`
}

/** Keeps the import's events from being deleted until the transaction ends. False where one is gone. */
export async function lockImportedEvents(tx: Tx, accountId: number): Promise<boolean> {
  const locked = await tx`
    select id from events where account_id = ${accountId} and id in (select event_id from import_events) for key share`
  const [expected] = await tx<[{ count: number }]>`select count(distinct event_id)::integer as count from import_events`
  return locked.count === expected.count
}
