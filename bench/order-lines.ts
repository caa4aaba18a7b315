import { buyerOf } from './buyers.ts'
import { draw, drawShare, pick, slot } from './seeded.ts'

export const eventCount = 20
const yearMs = 365.25 * 86_400_000
const spanMs = 3 * yearMs
const chunkBytes = 65_536

const ticketKinds = [
  { title: 'General Admission', unit_price: '21.00' },
  { title: 'Reduced', unit_price: '15.50' },
  { title: 'Balcony', unit_price: '34.00' },
] as const

/** The slug of event 0 to 19, from the first to the latest. */
export function eventSlug(event: number): string {
  return `evening-${String(event + 1).padStart(2, '0')}`
}

/** How many orders `orderLines` writes: 1.3 for each customer. */
export function orderCount(customers: number): number {
  return customers + extraOrders(customers).length
}

/**
 * The paid orders of `customers` buyers as NDJSON for `foyer import orders`, oldest first, over three years up to
 * `now`: of every thousand buyers 296 bought twice and one five times. The same for the same seed and `now`.
 */
export async function* orderLines(seed: number, customers: number, now: Date): AsyncGenerator<Buffer> {
  let text = ''
  let count = 0
  for (const [customer, position] of positions(seed, customers)) {
    text += `${JSON.stringify(lineOf(seed, customers, customer, position, count, now))}\n`
    count += 1
    if (text.length < chunkBytes) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** Who buys, and when in the three years (0 to 1), in the order of time. */
function* positions(seed: number, customers: number): Generator<[customer: number, position: number]> {
  const extras = extraOrders(customers)
    .map((customer, index): [number, number] => {
      const first = (customer + 0.5) / customers
      return [customer, first + (1 - first) * drawShare(seed, index, 11)]
    })
    .sort((a, b) => a[1] - b[1])
  let next = 0
  for (let customer = 0; customer < customers; customer += 1) {
    const position = (customer + 0.5) / customers
    for (let extra = extras[next]; extra && extra[1] < position; extra = extras[next]) {
      yield extra
      next += 1
    }
    yield [customer, position]
  }
  yield* extras.slice(next)
}

function extraOrders(customers: number): number[] {
  const extras: number[] = []
  for (let customer = 0; customer < customers; customer += 1) {
    const place = slot(customer, 813)
    if (place === 0) extras.push(customer, customer, customer, customer)
    else if (place <= 296) extras.push(customer)
  }
  return extras
}

function lineOf(seed: number, customers: number, customer: number, position: number, count: number, now: Date) {
  const buyer = buyerOf(seed, customer, customers)
  const paidAt = new Date(now.getTime() - (1 - position) * spanMs)
  const event = Math.min(Math.floor(position * eventCount) + (draw(seed, count, 12) % 4), eventCount - 1)
  const kind = pick(ticketKinds, seed, count, 13)
  const items = [{ ticket_title: kind.title, unit_price: kind.unit_price, quantity: 1 + (draw(seed, count, 14) % 3) }]
  const isRefunded = draw(seed, count, 15) % 100 < 3
  return {
    ref: `EXT-${count + 1}`,
    created_at: wire(new Date(paidAt.getTime() - 60_000)),
    paid_at: wire(paidAt),
    email: buyer.email,
    name: buyer.name,
    company: buyer.company,
    phone: null,
    marketing_consent: buyer.marketingConsent,
    event_slug: eventSlug(event),
    event_title: `Evening ${event + 1}`,
    items,
    refunds: isRefunded ? [{ amount: kind.unit_price, refunded_at: wire(paidAt) }] : [],
  }
}

function wire(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}
