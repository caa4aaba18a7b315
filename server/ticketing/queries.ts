import type { Db } from '../platform/database.ts'

export type TicketTypeState = 'active' | 'hidden' | 'archived'

export interface TicketTypeFields {
  title: string
  state: TicketTypeState
  priceMinor: bigint
  /** null: no limit. */
  stock: number | null
  position: number
  maxPerOrder: number
  maxPerCustomer: number | null
  /** Percent included in the price, "19.0". */
  taxRate: string | null
}
export interface TicketTypeRow extends TicketTypeFields {
  id: number
  sold: number
  /** Places that a buyer could take at this moment; null: no limit. */
  left: number | null
}

/** Ticket types of the event in the organiser's order, with what is left at `now`: a hold that ran out counts as free. */
export async function listTicketTypes(
  db: Db,
  accountId: number,
  eventId: number,
  states: TicketTypeState[],
  now: Date,
): Promise<TicketTypeRow[]> {
  return db<TicketTypeRow[]>`
    with expired as (
      select ticket_type_id, sum(quantity)::integer as places from holds
      where account_id = ${accountId} and event_id = ${eventId} and expires_at <= ${now} group by 1
    )
    select t.id, t.title, t.state, t.price_minor, t.stock, t.position, t.max_per_order, t.max_per_customer, t.tax_rate, t.sold,
           least(t.stock - t.sold - t.held + coalesce(x.places, 0),
                 p.capacity - p.sold - p.held + (select coalesce(sum(places), 0)::integer from expired)) as left
    from ticket_types t
    join event_places p on p.account_id = t.account_id and p.event_id = t.event_id
    left join expired x on x.ticket_type_id = t.id
    where t.account_id = ${accountId} and t.event_id = ${eventId} and t.state = any (${states})
    order by t.position, t.id`
}

export async function insertTicketType(
  db: Db,
  accountId: number,
  eventId: number,
  fields: Omit<TicketTypeFields, 'position'>,
): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into ticket_types (account_id, event_id, title, state, price_minor, stock, position, max_per_order, max_per_customer, tax_rate)
    select ${accountId}, ${eventId}, ${fields.title}, ${fields.state}, ${fields.priceMinor}, ${fields.stock},
           coalesce(max(position), 0) + 1, ${fields.maxPerOrder}, ${fields.maxPerCustomer}, ${fields.taxRate}
    from ticket_types where account_id = ${accountId} and event_id = ${eventId}
    returning id`
  return row.id
}

export async function lockTicketType(db: Db, accountId: number, id: number): Promise<void> {
  await db`select from ticket_types where account_id = ${accountId} and id = ${id} for no key update`
}

/** False where more places are sold or held than the new stock has; nothing is changed then. */
export async function updateTicketType(
  db: Db,
  accountId: number,
  id: number,
  fields: TicketTypeFields,
): Promise<boolean> {
  const rows = await db`
    update ticket_types set ${db({ ...fields })}
    where account_id = ${accountId} and id = ${id} and (${fields.stock}::integer is null or sold + held <= ${fields.stock})
    returning id`
  return rows.length === 1
}

/** Copies every ticket type that is not archived, with nothing sold. */
export async function insertCopiedTicketTypes(
  db: Db,
  accountId: number,
  fromEventId: number,
  toEventId: number,
): Promise<void> {
  await db`
    insert into ticket_types (account_id, event_id, title, state, price_minor, stock, position, max_per_order, max_per_customer, tax_rate)
    select account_id, ${toEventId}, title, state, price_minor, stock, position, max_per_order, max_per_customer, tax_rate
    from ticket_types where account_id = ${accountId} and event_id = ${fromEventId} and state <> 'archived'
    order by position, id`
}

export interface Wanted {
  ticketTypeId: number
  quantity: number
}

export interface NewHold {
  checkoutId: number
  eventId: number
  wanted: Wanted[]
  now: Date
  expiresAt: Date
}

/**
 * Takes places for a checkout until `expiresAt`: all of them or none, in one statement. Holds that ran out are freed in
 * the same act, so no sweeper is needed. Resolves to false where there are not enough.
 *
 * The event's row is locked before anything else is read, and what is left is read from the locked rows themselves:
 * two takers of the last place can't both see it.
 */
export async function insertHolds(db: Db, accountId: number, hold: NewHold): Promise<boolean> {
  const [, taken] = await Promise.all([waitForPlaces(db, hold.eventId), insertIfLeft(db, accountId, hold)])
  return taken === hold.wanted.length
}

/** How many rows were written: all, or none. */
async function insertIfLeft(db: Db, accountId: number, hold: NewHold): Promise<number> {
  const ids = hold.wanted.map((item) => item.ticketTypeId)
  const quantities = hold.wanted.map((item) => item.quantity)
  const rows = await db`
    with place as materialized (
      select capacity - sold - held as left from event_places
      where account_id = ${accountId} and event_id = ${hold.eventId} for no key update
    ),
    freed as (
      delete from holds
      where account_id = ${accountId} and event_id = ${hold.eventId} and expires_at <= ${hold.now} and exists (select from place)
      returning ticket_type_id, quantity
    ),
    wanted as (select * from unnest(${ids}::integer[], ${quantities}::integer[]) as w (ticket_type_id, quantity)),
    types as materialized (
      select id, stock - sold - held as left from ticket_types
      where account_id = ${accountId} and event_id = ${hold.eventId} and id = any (${ids}::integer[]) and exists (select from place)
      order by id for no key update
    )
    insert into holds (account_id, checkout_id, event_id, ticket_type_id, quantity, expires_at)
    select ${accountId}, ${hold.checkoutId}, ${hold.eventId}, ticket_type_id, quantity, ${hold.expiresAt} from wanted
    where not exists (
      select from place
      where place.left + (select coalesce(sum(quantity), 0) from freed) < (select sum(quantity) from wanted)
    ) and not exists (
      select from wanted join types on types.id = wanted.ticket_type_id
      where types.left + (select coalesce(sum(quantity), 0) from freed where freed.ticket_type_id = types.id) < wanted.quantity
    )
    returning ticket_type_id`
  return rows.length
}

/**
 * Waits in line for the event's places. The row's own lock is what keeps them; but those who wait for a row that changes
 * hold on to its past versions, and each goes through them all when it is woken. What follows sees the latest at once.
 */
async function waitForPlaces(db: Db, eventId: number): Promise<void> {
  await db`select pg_advisory_xact_lock(7004, ${eventId})`
}

/**
 * Ends the checkout's holds and resolves to how many places they held: 0 where they ran out and were freed. The event's
 * places are locked before its holds and ticket types are touched: the order that everyone keeps.
 */
export async function endHolds(db: Db, accountId: number, eventId: number, checkoutId: number): Promise<number> {
  const [, , ended] = await Promise.all([
    waitForPlaces(db, eventId),
    lockEventPlaces(db, accountId, eventId),
    deleteHolds(db, accountId, checkoutId),
  ])
  return ended
}

async function lockEventPlaces(db: Db, accountId: number, eventId: number): Promise<void> {
  await db`select from event_places where account_id = ${accountId} and event_id = ${eventId} for no key update`
}

async function deleteHolds(db: Db, accountId: number, checkoutId: number): Promise<number> {
  const rows = await db<{ quantity: number }[]>`
    delete from holds where account_id = ${accountId} and checkout_id = ${checkoutId} returning quantity`
  return rows.reduce((sum, row) => sum + row.quantity, 0)
}
