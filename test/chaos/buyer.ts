import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeStripeControls } from '../support/fakestripe/client.ts'
import type { Notebook } from './notebook.ts'
import type { Answer, PatientClient } from './patient-client.ts'
import type { Plan } from './plan.ts'

/** Where people buy, and what they remember. */
export interface Market {
  client: PatientClient
  bank: FakeStripeControls
  notebook: Notebook
  events: { slug: string; ticketId: number }[]
  token: string
  holdMs: number
  signal: AbortSignal
}

export interface Bought {
  order: string
  code: string
}

/**
 * One person buys as planned, and asks again whenever no answer comes. All of it can be done again from the start: the
 * keys are the same. Resolves to how it ended, and to the order that the shop told of.
 */
export async function buy(
  market: Market,
  buyer: number,
  plan: Plan,
): Promise<{ how: string; bought?: Bought | undefined }> {
  const { client } = market
  const begun = await begin(market, buyer, plan)
  if (begun.status !== 201) return { how: begun.status === 409 ? 'sold out' : `refused ${begun.status}` }
  const checkout: string = begun.body.public_id
  const path = `/checkouts/${checkout}`
  const person = { email: `buyer-${buyer}@example.com`, name: `Buyer ${buyer}` }
  await client.ask({ method: 'PATCH', path, body: { buyer: person } })
  if (plan.givesUp === 'before paying') {
    await client.ask({ method: 'DELETE', path })
    return { how: 'gave up' }
  }
  const paying = await payAtBank(market, path, buyer, plan)
  if (typeof paying === 'string') return { how: paying }
  if (plan.givesUp === 'after paying') {
    const { status } = await client.ask({ method: 'DELETE', path })
    if (status !== 409) return { how: 'gave up after paying' }
  }
  if (!paying.order) for (let n = 0; n < plan.returns; n++) await client.ask({ method: 'GET', path: `${path}/return` })
  const bought = paying.order ?? (await waitForOrder(market, path))
  if (!bought) return { how: 'was not told' }
  market.notebook.write({ kind: 'order', buyer, checkout, ...bought })
  return { how: 'bought', bought }
}

async function begin(market: Market, buyer: number, { event, quantity, impatient }: Plan): Promise<Answer> {
  const { slug, ticketId } = market.events[event] ?? { slug: '', ticketId: 0 }
  const body = { event_slug: slug, items: [{ ticket_id: ticketId, quantity }] }
  const ask = () => market.client.ask({ method: 'POST', path: '/checkouts', body, key: `begin-${buyer}` })
  const answers = await Promise.all(impatient ? [ask(), ask()] : [ask()])
  const [first, second] = answers
  if (!first) throw new Error('asked nothing')
  // A refusal is not kept under the key: places may be free again for the second.
  const differ = second && first.status === 201 && second.body?.public_id !== first.body.public_id
  if (differ && second.status === 201) market.client.bugs.push(`two checkouts under one key: begin-${buyer}`)
  return first.status === 201 ? first : (second ?? first)
}

/** Resolves to the order if it is paid already; in words, where there is nothing more to do. */
async function payAtBank(
  market: Market,
  path: string,
  buyer: number,
  plan: Plan,
): Promise<string | { order: Bought | undefined }> {
  const cards = [...plan.cards]
  for (let page = 0; page < 4; page++) {
    const question = { method: 'POST' as const, path: `${path}/payment`, body: { provider: 'stripe' } }
    const { status, body } = await market.client.ask({ ...question, key: `pay-${buyer}` })
    if (status === 200 && body.status === 'paid') return { order: readOrder(body.order) }
    if (status === 200 && body.status === 'pending') return { order: undefined }
    if (status === 422) continue
    if (status !== 200) return status === 404 ? 'gave up' : `places gone (${status})`
    if (plan.walksAway) return 'walked away'
    if (plan.late && page === 0) await sleep(market.holdMs + 1500, undefined, { signal: market.signal })
    const session = String(body.redirect_url).split('/').at(-1) ?? ''
    for (let card = cards.shift(); card; card = cards.shift()) {
      const paid = await market.bank.pay(session, card)
      if (paid.outcome === 'complete') return { order: undefined }
      if (paid.outcome === 'closed' && paid.status === 'complete') return { order: undefined }
      if (paid.outcome === 'closed') cards.unshift(card)
      if (paid.outcome === 'closed') break
    }
  }
  return 'could not pay'
}

/** As the page does that the buyer looks at: it asks again and again whether the money has come. */
async function waitForOrder({ client, signal }: Market, path: string): Promise<Bought | undefined> {
  for (let pauseMs = 100; pauseMs < 4000; pauseMs *= 1.4) {
    const { status, body } = await client.ask({ method: 'GET', path })
    if (status !== 200) return undefined
    if (body.order) return readOrder(body.order)
    await sleep(pauseMs, undefined, { signal })
  }
  return undefined
}

function readOrder({ public_id, order_code }: { public_id: string; order_code: string }): Bought {
  return { order: public_id, code: order_code }
}
