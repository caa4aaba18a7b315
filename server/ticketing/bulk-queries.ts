import type { Tx } from '../platform/database.ts'

/** Makes the ticket types that `import_ticket_types` has no id for: hidden, without limit, after those that are there. */
export async function insertImportedTicketTypes(tx: Tx, accountId: number): Promise<void> {
  await tx`
    with made as (
      insert into ticket_types (account_id, event_id, title, state, price_minor, position)
      select ${accountId}, i.event_id, i.title, 'hidden', i.price_minor,
             (select coalesce(max(t.position), 0) from ticket_types t where t.account_id = ${accountId} and t.event_id = i.event_id)
               + row_number() over (partition by i.event_id order by i.title)
      from import_ticket_types i where i.ticket_type_id is null
      order by i.event_id, i.title
      returning id, event_id, title
    )
    update import_ticket_types i set ticket_type_id = made.id
    from made where made.event_id = i.event_id and made.title = i.title`
}

/** Counts the import's tickets as sold where their places are counted, in the order that every buyer keeps. */
export async function addImportedPlaces(tx: Tx, accountId: number): Promise<void> {
  await tx`
    select from event_places where account_id = ${accountId} and event_id in (select event_id from import_ticket_types)
    order by event_id for no key update`
  await tx`
    select add_places(${accountId}, event_id, array_agg(ticket_type_id), array_agg(sold), array_agg(0))
    from (select event_id, ticket_type_id, sold from import_ticket_types order by event_id, ticket_type_id) t
    group by event_id order by event_id`
}
