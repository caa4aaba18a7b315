import type { Tx } from '../platform/database.ts'

interface ImportedTicketType {
  eventId: number
  title: string
  priceMinor: bigint
}

/** Makes ticket types for an import: hidden, without limit, after those that are there. */
export async function insertImportedTicketTypes(
  tx: Tx,
  accountId: number,
  types: ImportedTicketType[],
): Promise<{ id: number; eventId: number; title: string }[]> {
  return tx<{ id: number; eventId: number; title: string }[]>`
    insert into ticket_types (account_id, event_id, title, state, price_minor, position)
    select ${accountId}, i.event_id, i.title, 'hidden', i.price_minor,
           (select coalesce(max(t.position), 0) from ticket_types t where t.account_id = ${accountId} and t.event_id = i.event_id)
             + row_number() over (partition by i.event_id order by i.title)
    from unnest(${types.map(({ eventId }) => eventId)}::integer[], ${types.map(({ title }) => title)}::text[],
                ${types.map(({ priceMinor }) => priceMinor.toString())}::bigint[]) as i (event_id, title, price_minor)
    order by i.event_id, i.title
    returning id, event_id, title`
}

/** Sets the prices of ticket types that an import has made. */
export async function updateImportedPrices(
  tx: Tx,
  accountId: number,
  types: { id: number; priceMinor: bigint }[],
): Promise<void> {
  await tx`
    update ticket_types t set price_minor = d.price_minor
    from unnest(${types.map(({ id }) => id)}::integer[], ${types.map(({ priceMinor }) => priceMinor.toString())}::bigint[])
      as d (id, price_minor)
    where t.account_id = ${accountId} and t.id = d.id and t.price_minor <> d.price_minor`
}

/** Counts the import's tickets as sold where their places are counted, in the order that every buyer keeps. */
export async function addImportedPlaces(
  tx: Tx,
  accountId: number,
  types: { id: number; eventId: number; sold: number }[],
): Promise<void> {
  const eventIds = types.map(({ eventId }) => eventId)
  await tx`
    select from event_places where account_id = ${accountId} and event_id = any (${eventIds}::integer[])
    order by event_id for no key update`
  await tx`
    select add_places(${accountId}, event_id, array_agg(ticket_type_id), array_agg(sold), array_agg(0))
    from (
      select * from unnest(${eventIds}::integer[], ${types.map(({ id }) => id)}::integer[],
                           ${types.map(({ sold }) => sold)}::integer[]) as d (event_id, ticket_type_id, sold)
      order by event_id, ticket_type_id
    ) t
    group by event_id order by event_id`
}
