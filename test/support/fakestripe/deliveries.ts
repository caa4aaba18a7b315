import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import type { Bank, EndpointRecord } from './bank.ts'
import { covers } from './events.ts'

/**
 * What happens to one notice: `deliver` it, `double` it, `drop` it for good, `hold` it until someone asks for it,
 * `after_next` lets the next one overtake it, a number delays it by so many milliseconds.
 */
export type DeliveryPlan = 'deliver' | 'double' | 'drop' | 'hold' | 'after_next' | number

/** One notice on its way to one endpoint, and how far it came. */
export interface Delivery {
  event: string
  type: string
  url: string
  plan: DeliveryPlan
  state: 'waiting' | 'delivered' | 'failed' | 'dropped' | 'held'
  /** The status of every answer so far; 0 where there was none. */
  answers: number[]
}

interface Parcel extends Delivery {
  endpoint: EndpointRecord
  content: Stripe.Event
}

export interface DeliveryRules {
  planOf: (event: Stripe.Event, url: string) => DeliveryPlan
  /** The pauses between attempts; after the last one it is given up. */
  retryDelaysMs: number[]
  /** How many notices are under way at once; with 1 they arrive in the order in which things happened. */
  atOnce: number
  /** Unix seconds. */
  now: () => number
}

/** Sends events to endpoints, signed as Stripe signs them. */
export interface PostOffice {
  rules: DeliveryRules
  parcels: Parcel[]
  queue: Parcel[]
  overtaken: Parcel[]
  firstAttempts: number
  underWay: Set<Promise<void>>
  closing: AbortController
}

export function openPostOffice(rules: DeliveryRules): PostOffice {
  const closing = new AbortController()
  return { rules, parcels: [], queue: [], overtaken: [], firstAttempts: 0, underWay: new Set(), closing }
}

/** Hands an event to the post, for each endpoint that wants it, as planned. */
export function send(office: PostOffice, bank: Bank, event: Stripe.Event): void {
  for (const parcel of parcelsOf(bank, event)) {
    parcel.plan = office.rules.planOf(event, parcel.url)
    office.parcels.push(parcel)
    dispatch(office, parcel)
  }
}

/** Sends an event at once, whatever was planned for it; resolves to the endpoints' statuses. */
export async function deliverNow(office: PostOffice, bank: Bank, event: Stripe.Event): Promise<number[]> {
  const statuses: number[] = []
  for (const parcel of parcelsOf(bank, event)) {
    const known = office.parcels.find((other) => other.event === parcel.event && other.url === parcel.url) ?? parcel
    await attempt(office, known)
    statuses.push(known.answers.at(-1) ?? 0)
  }
  return statuses
}

/** Resolves when nothing is under way or waits for another attempt; what is held stays so. */
export async function settled(office: PostOffice): Promise<void> {
  while (office.underWay.size > 0) await Promise.all(office.underWay)
}

export function deliveryLog(office: PostOffice): Delivery[] {
  return office.parcels.map(({ endpoint: _endpoint, content: _content, ...delivery }) => delivery)
}

/** Nothing that waits is sent any more. */
export function forgetParcels(office: PostOffice): void {
  for (const list of [office.parcels, office.queue, office.overtaken]) list.length = 0
}

function dispatch(office: PostOffice, parcel: Parcel): void {
  if (parcel.plan === 'drop') parcel.state = 'dropped'
  else if (parcel.plan === 'hold') parcel.state = 'held'
  else if (parcel.plan === 'after_next') office.overtaken.push(parcel)
  else if (typeof parcel.plan === 'number') track(office, enqueueLater(office, parcel, parcel.plan))
  else {
    const behind = office.overtaken.filter(({ url }) => url === parcel.url)
    office.overtaken = office.overtaken.filter((other) => !behind.includes(other))
    enqueue(office, parcel, ...behind)
  }
}

function enqueue(office: PostOffice, ...parcels: Parcel[]): void {
  office.queue.push(...parcels)
  while (office.firstAttempts < office.rules.atOnce) {
    const parcel = office.queue.shift()
    if (!parcel) return
    office.firstAttempts += 1
    track(office, carry(office, parcel))
  }
}

async function enqueueLater(office: PostOffice, parcel: Parcel, delayMs: number): Promise<void> {
  await sleep(delayMs, undefined, { signal: office.closing.signal })
  enqueue(office, parcel)
}

/** The first attempt keeps others waiting; the further ones don't. */
async function carry(office: PostOffice, parcel: Parcel): Promise<void> {
  let delivered = await attempt(office, parcel)
  if (parcel.plan === 'double') await attempt(office, parcel)
  office.firstAttempts -= 1
  enqueue(office)
  for (const delayMs of office.rules.retryDelaysMs) {
    if (delivered || !office.parcels.includes(parcel)) return
    await sleep(delayMs, undefined, { signal: office.closing.signal })
    delivered = await attempt(office, parcel)
  }
  if (!delivered) parcel.state = 'failed'
}

async function attempt(office: PostOffice, parcel: Parcel): Promise<boolean> {
  const status = await post(parcel, office.rules.now(), office.closing.signal)
  parcel.answers.push(status)
  if (status < 200 || status > 299) return false
  parcel.state = 'delivered'
  return true
}

function track(office: PostOffice, work: Promise<void>): void {
  // It fails only when the office closes in the middle of a pause.
  const tracked = work.catch(() => {}).finally(() => office.underWay.delete(tracked))
  office.underWay.add(tracked)
}

function parcelsOf(bank: Bank, event: Stripe.Event): Parcel[] {
  return bank.endpoints
    .all()
    .filter(({ endpoint }) => endpoint.enabled_events.some((pattern) => covers(pattern, event.type)))
    .map((record) => ({
      ...{ endpoint: record, content: event, event: event.id, type: event.type, url: record.endpoint.url },
      ...{ plan: 'deliver', state: 'waiting', answers: [] },
    }))
}

/** The status of the answer, or 0 if there was none. */
async function post({ content, endpoint, url }: Parcel, timestamp: number, signal: AbortSignal): Promise<number> {
  const payload = JSON.stringify(content, null, 2)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: endpoint.secret, timestamp })
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: payload,
      redirect: 'manual',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}
