import type { Account } from '../accounts/account.ts'
import {
  findOrInsertImportVenue,
  insertImportedEvents,
  lockImportedEvents,
  updateImportedEvents,
} from '../events/bulk-queries.ts'
import type { Tx } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { addImportedPlaces, insertImportedTicketTypes, updateImportedPrices } from '../ticketing/bulk-queries.ts'
import { orAgain } from './or-again.ts'
import { listEventIds, listTicketTypes } from './plan-queries.ts'
import type { NumberedOrder } from './read-orders.ts'
import type { WhenFree } from './when-free.ts'

interface Event {
  id: number
  slug: string
  isMade: boolean
  /** Of the latest order, and of the latest that has a title. */
  heldAt: Date
  title: string | undefined
  titled: { paidAt: Date; line: number } | undefined
  ticketTypes: Map<string, TicketType>
}

interface TicketType {
  id: number
  isMade: boolean
  sold: number
  /** Of the latest item. */
  priceMinor: bigint
  priced: { paidAt: Date; line: number }
}

/** What the file's orders were for: events and ticket types, found or made when they are met first. */
export interface Programme {
  /** From here on the orders' events and ticket types are there, and count these orders. */
  enter(orders: NumberedOrder[]): Promise<void>
  event(slug: string): { id: number; ticketTypes: ReadonlyMap<string, { id: number }> }
  /** Writes what only all orders together say: titles, times and prices of what was made, and how much is sold. */
  complete(tx: Tx): Promise<void>
}

export function openProgramme(whenFree: WhenFree, account: Account, now: Date): Programme {
  const events = new Map<string, Event>()
  const byId = new Map<number, Event>()
  return { enter, event, complete }

  function event(slug: string): Event {
    const found = events.get(slug)
    if (!found) throw new Error('an event of the file was not entered')
    return found
  }

  async function enter(orders: NumberedOrder[]): Promise<void> {
    const first = new Map<string, Date>()
    for (const { order } of orders) if (!events.has(order.eventSlug)) first.set(order.eventSlug, order.paidAt)
    if (first.size > 0) await enterEvents(first)
    const missing = new Map<string, { eventId: number; title: string; priceMinor: bigint }>()
    for (const { order } of orders) {
      const { id: eventId, ticketTypes } = event(order.eventSlug)
      for (const { ticketTitle: title, unitPriceMinor: priceMinor } of order.items)
        if (!ticketTypes.has(title)) missing.set(`${eventId} ${title}`, { eventId, title, priceMinor })
    }
    if (missing.size > 0) await enterTicketTypes([...missing.values()])
    for (const each of orders) count(each)
  }

  async function enterEvents(heldAt: Map<string, Date>): Promise<void> {
    const slugs = [...heldAt.keys()].sort()
    const tx = await whenFree()
    const { known, made } = await orAgain(tx, async (inner) => {
      const known = await listEventIds(inner, account.id, slugs)
      if (!(await lockImportedEvents(inner, account.id, [...new Set(known.values())])))
        throw conflict('An event was deleted meanwhile. Import again')
      const unknown = slugs.filter((slug) => !known.has(slug))
      if (unknown.length === 0) return { known, made: new Map<string, number>() }
      const venueId = await findOrInsertImportVenue(inner, account)
      const drafts = unknown.map((slug) => ({ slug, heldAt: heldAt.get(slug) ?? now }))
      return { known, made: await insertImportedEvents(inner, account.id, venueId, now, drafts) }
    })
    for (const [slug, id] of [...known, ...made]) {
      const isMade = made.has(slug)
      // An event has the slugs of its past too.
      const ticketTypes = byId.get(id)?.ticketTypes ?? new Map<string, TicketType>()
      const entered = { id, slug, isMade, heldAt: never, title: undefined, titled: undefined, ticketTypes }
      events.set(slug, entered)
      byId.set(id, entered)
    }
    const found = await listTicketTypes(tx, account.id, [...known.values()])
    for (const { eventId, title, id } of found) {
      const ticketTypes = byId.get(eventId)?.ticketTypes
      if (!ticketTypes?.has(title)) ticketTypes?.set(title, ticketType(id, false))
    }
  }

  async function enterTicketTypes(missing: { eventId: number; title: string; priceMinor: bigint }[]): Promise<void> {
    const made = await insertImportedTicketTypes(await whenFree(), account.id, missing)
    for (const { eventId, title, id } of made) byId.get(eventId)?.ticketTypes.set(title, ticketType(id, true))
  }

  function count({ line, order }: NumberedOrder): void {
    const at = { paidAt: order.paidAt, line }
    const its = event(order.eventSlug)
    if (order.paidAt > its.heldAt) its.heldAt = order.paidAt
    if (order.eventTitle !== null && isLater(at, its.titled)) {
      its.title = order.eventTitle
      its.titled = at
    }
    for (const { ticketTitle, unitPriceMinor, quantity } of order.items) {
      const type = its.ticketTypes.get(ticketTitle)
      if (!type) throw new Error('a ticket type of the file was not entered')
      if (order.refundedWholeAt === null) type.sold += quantity
      if (!isLater(at, type.priced)) continue
      type.priceMinor = unitPriceMinor
      type.priced = at
    }
  }

  async function complete(tx: Tx): Promise<void> {
    const made = [...events.values()].filter(({ isMade }) => isMade)
    await updateImportedEvents(
      tx,
      account.id,
      made.map(({ id, slug, title, heldAt }) => ({ id, title: title ?? slug, heldAt })),
    )
    const types = [...byId.values()].flatMap(({ id: eventId, ticketTypes }) =>
      [...ticketTypes.values()].map((type) => ({ eventId, ...type })),
    )
    await updateImportedPrices(
      tx,
      account.id,
      types.filter(({ isMade }) => isMade),
    )
    await addImportedPlaces(
      tx,
      account.id,
      types.filter(({ sold }) => sold > 0),
    )
  }
}

const never = new Date(-8.64e15)

const ticketType = (id: number, isMade: boolean): TicketType => ({
  id,
  isMade,
  sold: 0,
  priceMinor: 0n,
  priced: { paidAt: never, line: 0 },
})

type Moment = { paidAt: Date; line: number }

function isLater(one: Moment, other: Moment | undefined): boolean {
  if (!other) return true
  const difference = one.paidAt.getTime() - other.paidAt.getTime()
  return difference === 0 ? one.line >= other.line : difference > 0
}
