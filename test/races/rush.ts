import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type Organizer, type World } from '../support/world.ts'
import type { Item, ShopAnswer, ShopClient } from './shop-client.ts'

type Stock = [ticketId: number, stock: number]

export interface Hall {
  slug: string
  id: number
  places: number
  /** Ticket types and how many there are; together more than the hall has places. */
  stocks: [Stock, Stock]
}

export interface Rush {
  shop: ShopClient
  hall: Hall
  until: number
  /** Every order that a buyer was told is paid, with what they wanted. */
  paid: Map<string, Item[]>
  /** Answers that no buyer may ever get. */
  unexpected: string[]
}

/** By clocks of whole seconds a hold is over one or two seconds after it began. */
export const holdMs = 1500

/** A hall of 200 places, and two ticket types of 60 and 170. */
export async function openHall(world: World, who: Organizer): Promise<Hall> {
  const { slug, id, ticketId } = await world.event(who, { capacity: 200, stock: 60 })
  const fields = { title: 'Balcony', price: '30.00', stock: 170, max_per_order: 100 }
  const second = expect(201, await world.send(who, 'POST', `/admin/events/${slug}/standard_tickets`, fields))
  return {
    slug,
    id,
    places: 200,
    stocks: [
      [ticketId, 60],
      [second.id, 170],
    ],
  }
}

/**
 * Lets the buyers loose until every place is sold and paid, at most for half a minute. Each begins, and then pays, pays
 * twice at once, is declined first, changes their mind, walks away, or comes back after the hold ran out; and again. Who
 * was told once that the places are gone wants one or two and pays.
 */
export async function rush(shop: ShopClient, hall: Hall, buyers = 64): Promise<Rush> {
  const state: Rush = { shop, hall, until: performance.now() + 30_000, paid: new Map(), unexpected: [] }
  await Promise.all(Array.from({ length: buyers }, (_, index) => buyAgainAndAgain(state, index)))
  return state
}

/** How many tickets buyers were told are paid. */
export function ticketsPaid(state: Rush): number {
  return [...state.paid.values()].flat().reduce((sum, item) => sum + item.quantity, 0)
}

async function buyAgainAndAgain(state: Rush, index: number): Promise<void> {
  const random = randomOf(index + 1)
  let refused = false
  while (ticketsPaid(state) < state.hall.places && performance.now() < state.until) {
    const quantity = 1 + Math.floor(random() * (refused ? 2 : 4))
    const items =
      quantity > 1 && random() < 0.2 ? bothTypes(state.hall, quantity) : oneType(state.hall, quantity, random())
    const begun = await state.shop.begin(state.hall.slug, items)
    expectOneOf(state, begun, [201, 409])
    if (begun.status === 201) {
      await decide(state, begun, items, `buyer-${index}@example.com`, refused ? 0.4 + 0.6 * random() : random())
    } else {
      refused = true
      await sleep(300 + random() * 500)
    }
  }
}

async function decide(state: Rush, begun: ShopAnswer, items: Item[], email: string, chance: number): Promise<void> {
  const { shop } = state
  const id: string = begun.body.public_id
  if (chance < 0.12) return expectOneOf(state, await shop.ask('DELETE', `/checkouts/${id}`), [204])
  expectOneOf(state, await shop.setBuyer(id, email), [200])
  if (chance < 0.22) return
  if (chance < 0.37) await sleep(2000)
  if (chance > 0.85) expectOneOf(state, await shop.pay(id, 'decline'), [422, 409])
  const answers = await Promise.all(Array.from({ length: chance > 0.75 ? 2 : 1 }, () => shop.pay(id)))
  for (const answer of answers) {
    expectOneOf(state, answer, [200, 409])
    if (answer.status === 200) state.paid.set(answer.body.order.public_id, items)
  }
}

function expectOneOf(state: Rush, answer: ShopAnswer, statuses: number[]): void {
  if (!statuses.includes(answer.status)) state.unexpected.push(`${answer.status} ${JSON.stringify(answer.body)}`)
}

function oneType(hall: Hall, quantity: number, chance: number): Item[] {
  return [{ ticket_id: hall.stocks[chance < 0.5 ? 0 : 1][0], quantity }]
}

function bothTypes(hall: Hall, quantity: number): Item[] {
  const [[first], [second]] = hall.stocks
  return [
    { ticket_id: second, quantity: 1 },
    { ticket_id: first, quantity: quantity - 1 },
  ]
}

/** The same numbers in every run, so that a failure comes back. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
