import { expect } from '../support/world.ts'
import type { Buy } from './history.ts'
import { momentInstant } from './instants.ts'
import { learnOrders } from './learn.ts'
import { later, nth, prices, type Stage, setClock } from './stage.ts'

/** Buys in the shop as the history says; the ledger has an order afterwards only if it was paid. */
export async function playPurchase(stage: Stage, act: Buy): Promise<void> {
  const { world, club, ledger } = stage
  const event = nth(ledger.events, act.event)
  const createdAt = setClock(stage, momentInstant(act.at, stage.anchor, ledger.timeZone))
  const shop = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    world.shop(club, method, path, body)
  const items = act.quantities.flatMap((quantity, index) =>
    quantity > 0 ? [{ ticket_id: event.ticketIds[index], quantity }] : [],
  )
  const attribution = act.consent ? { utm_source: 'poster', ref: act.email.stored } : undefined
  const cart = { event_slug: nth(event.slugs, act.secondsToPay), items, attribution }
  const checkout = expect(201, await shop('POST', '/checkouts', cart))
  const path = `/checkouts/${checkout.public_id}`
  if (act.ending === 'abandoned') return void expect(204, await shop('DELETE', path))
  const buyer = { ...act.buyer, email: act.email.typed }
  expect(200, await shop('PATCH', path, { buyer, marketing_consent: act.consent }))
  if (act.ending === 'left') return

  const totalMinor = act.quantities.reduce((sum, quantity, index) => sum + BigInt(quantity) * (prices[index] ?? 0n), 0n)
  const provider = totalMinor === 0n ? 'free' : 'test'
  const paidAt = setClock(stage, later(createdAt, act.secondsToPay))
  const pay = (outcome: string) => shop('POST', `${path}/payment`, { provider, outcome })
  const canFail = provider === 'test'
  if (canFail && act.ending.startsWith('declined')) expect(422, await pay('decline'))
  if (canFail && act.ending === 'declined') return
  if (canFail && act.ending === 'pending') return void expect(200, await pay('pend'))
  const { order } = expect(200, await pay('succeed'))
  await learnOrders(stage, [
    {
      publicId: order.public_id,
      event,
      email: act.email.stored,
      buyer: act.buyer,
      consent: act.consent,
      quantities: items.map(({ quantity }) => quantity),
      totalMinor,
      refundedMinor: 0n,
      provider,
      origin: 'checkout',
      attribution: attribution ?? {},
      createdAt,
      paidAt,
    },
  ])
}
