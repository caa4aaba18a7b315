import { amount, moneyOf } from './amount.ts'
import { type Ledger, newestFirst, type OrderFact, typedText } from './ledger.ts'
import { isInPeriod } from './periods.ts'
import { isFound } from './words.ts'

export interface OrderQuestion {
  period?: string | undefined
  event_slug?: string | undefined
  query?: string | undefined
  include_archived?: string | undefined
}

/** The account's orders under the question, newest paid first. */
export function ordersUnder(ledger: Ledger, question: OrderQuestion, now: string): OrderFact[] {
  const { period, event_slug: slug, query, include_archived: archived } = question
  const found = ledger.orders.filter(
    (order) =>
      isInPeriod(order.paidAt, period, now, ledger.timeZone) &&
      (!slug || order.event.slugs.includes(slug)) &&
      isMeant(order, query, ledger) &&
      (archived === '1' || archived === 'true' || !order.archived),
  )
  return newestFirst(
    found,
    (order) => order.paidAt,
    (order) => order.id,
  )
}

/** Codes, ids and references whole, case and dash ignored; names and e-mails by words; `@slug` for an event. */
function isMeant(order: OrderFact, query: string | undefined, ledger: Ledger): boolean {
  const text = (query ?? '').trim()
  const isEvent = ledger.events.some((event) => event.slugs.some((slug) => text === `@${slug}`))
  if (isEvent) return order.event.slugs.includes(text.slice(1))
  const { orderCode, publicId, checkInCodes, ticketPublicIds, paymentReference } = order
  const codes = [orderCode, publicId, ...checkInCodes, ...ticketPublicIds, paymentReference ?? '']
  return (
    (text !== '' && codes.map(bare).includes(bare(text))) || isFound(query, [order.buyer.name ?? null, order.email])
  )
}

const bare = (code: string) => code.toLowerCase().replaceAll('-', '')

function statusOf({ totalMinor, refundedMinor, cancelled }: OrderFact): string {
  if (totalMinor === 0n) return cancelled ? 'refunded' : 'paid'
  if (refundedMinor === 0n) return 'paid'
  return refundedMinor < totalMinor ? 'partially_refunded' : 'refunded'
}

export function wireOrder(order: OrderFact, ledger: Ledger) {
  const none = amount(0n, ledger.currency)
  const ticketCount = order.quantities.reduce((sum, quantity) => sum + quantity, 0)
  return {
    public_id: order.publicId,
    status: statusOf(order),
    customer_name: typedText(order.buyer.name) ?? '',
    customer_email: order.email,
    total: moneyOf(order.totalMinor, ledger.currency),
    payment_provider: order.provider,
    paid_at: order.paidAt,
    created_at: order.createdAt,
    item_count: ticketCount,
    order_code: order.orderCode,
    display_number: `${order.orderCode.slice(0, 4)}-${order.orderCode.slice(4)}`,
    shop_url: `${ledger.shopUrl}/orders/${order.publicId}`,
    origin: order.origin,
    delivery_email: order.email,
    staff_note: null,
    fees: { buyer_platform_fee: none, custom: none },
    archived: order.archived,
    line_count: order.quantities.length,
    product_quantity: ticketCount,
    attribution: order.attribution,
  }
}

export function orderStats(orders: OrderFact[], currency: string) {
  const revenueMinor = orders.reduce((sum, order) => sum + order.totalMinor - order.refundedMinor, 0n)
  return { order_count: orders.length, revenue: moneyOf(revenueMinor, currency) }
}
