import { Temporal } from 'temporal-polyfill'
import { expect, type Organizer, type World } from '../support/world.ts'
import { amount } from './amount.ts'
import { wire } from './instants.ts'
import type { Ledger } from './ledger.ts'

/** Where a history is played: an account with three events, its ledger, and its clock. */
export interface Stage {
  world: World
  club: Organizer
  ledger: Ledger
  anchor: string
  /** The latest time that anything has happened at. */
  latest: string
  /** How many acts were told. */
  told: number
}

/** What the three ticket types of an event cost, in minor units. */
export const prices = [2100n, 5505n, 0n]
export const ticketTitles = ['General Admission', 'Late Bird', 'Free', 'Imported only']

export async function openStage(world: World, currency: string, zone: string, anchor: string): Promise<Stage> {
  world.setTime(anchor)
  const club = await world.organizer({ currency, timeZone: zone })
  const address = { name: 'Hall', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
  const venue = expect(201, await world.send(club, 'POST', '/admin/venues', address))
  const ledger: Ledger = {
    currency,
    timeZone: zone,
    shopUrl: `http://${club.subdomain}.foyer.test`,
    events: [],
    orders: [],
    edits: [],
    customerIds: new Map(),
  }
  const stage = { world, club, ledger, anchor, latest: anchor, told: 0 }
  for (const title of ['Spring Showcase', 'Summer Ball', 'Winter Fair']) await addEvent(stage, title, venue.id)
  return stage
}

async function addEvent({ world, club, ledger }: Stage, title: string, venueId: number): Promise<void> {
  const times = { starts_at: '2031-06-01T20:00:00Z', ends_at: '2031-06-01T23:00:00Z' }
  const event = expect(201, await world.send(club, 'POST', '/admin/events', { title, venue_id: venueId, ...times }))
  const ticketIds: number[] = []
  for (const [index, price] of prices.entries()) {
    const type = { title: ticketTitles[index], price: amount(price, ledger.currency), stock: null, max_per_order: 100 }
    const ticket = expect(201, await world.send(club, 'POST', `/admin/events/${event.slug}/standard_tickets`, type))
    ticketIds.push(ticket.id)
  }
  expect(200, await world.send(club, 'POST', `/admin/events/${event.slug}/publication`))
  ledger.events.push({ slugs: [event.slug], ticketIds })
}

/** Sets the clock, never back behind what has happened if `isMonotone`. Resolves to the time on the wire. */
export function setClock(stage: Stage, at: string, isMonotone = false): string {
  const time = isMonotone && at < stage.latest ? stage.latest : at
  if (time > stage.latest) stage.latest = time
  stage.world.setTime(time)
  return time
}

export function later(at: string, seconds: number): string {
  return wire(Temporal.Instant.from(at).toZonedDateTimeISO('UTC').add({ seconds }))
}

export function nth<Item>(items: Item[], index: number): Item {
  if (items.length === 0) throw new Error('nothing to choose from')
  return items[index % items.length] as Item // the index is within the list
}
