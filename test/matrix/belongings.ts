import { expect, type Organizer, type World } from '../support/world.ts'
import type { Operation } from './operations.ts'

/** What an organiser owns: one of each thing, all of them connected. */
export interface Belongings {
  who: Organizer
  venueId: number
  slug: string
  ticketId: number
  customerId: number
  orderRef: string
  promoCodeId: number
}

/** A new organiser with a venue, an event, a ticket type, a paid order and its customer. */
export async function makeBelongings(world: World): Promise<Belongings> {
  const who = await world.organizer()
  const { slug, ticketId } = await world.event(who)
  const order = await world.paidOrder(who, { eventSlug: slug, ticketId, quantity: 2 })
  const [venue] = expect(200, await world.get(who, '/admin/venues')).venues
  const [customer] = expect(200, await world.get(who, '/admin/customers')).customers
  const code = { code: 'TEN', discount_type: 'percentage', discount_amount: '10' }
  const { id: promoCodeId } = expect(201, await world.send(who, 'POST', '/admin/promo_codes', code))
  return { who, promoCodeId, venueId: venue.id, slug, ticketId, customerId: customer.id, orderRef: order.public_id }
}

type Name = string

/** What stands for a path's parameter: by its own name, or for `id` by the collection that it is in. */
const values: Record<Name, ((things: Belongings) => string | number) | undefined> = {
  'venues/{id}': (things) => things.venueId,
  'customers/{id}': (things) => things.customerId,
  'promo_codes/{id}': (things) => things.promoCodeId,
  'tickets/{id}': (things) => things.ticketId,
  'standard_tickets/{id}': (things) => things.ticketId,
  'events/{slug}': (things) => things.slug,
  'orders/{ref}': (things) => things.orderRef,
}

/** The names of the operation's parameters: "events/{slug}", "tickets/{id}". */
export function parametersOf(operation: Operation): Name[] {
  return operation.path.match(/[^/]+\/\{[^}]+\}/g) ?? []
}

/** The operation's path with each parameter taken from what `owners` gives for it, else from `things`. */
export function pathOf(operation: Operation, things: Belongings, others: Map<Name, Belongings> = new Map()): string {
  return operation.path.replace(/([^/]+)\/\{[^}]+\}/g, (name, collection) => {
    const value = values[name]
    if (!value) throw new Error(`Say in test/matrix/belongings.ts what "${name}" stands for`)
    return `${collection}/${value(others.get(name) ?? things)}`
  })
}
