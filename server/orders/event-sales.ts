import { Type } from 'typebox'
import { Event, eventFields, faqField } from '../events/schema.ts'
import { Money, Nullable, OneOf, PeriodQuery } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import type { EventOnSale, TicketTypeSales } from './sales-queries.ts'

const Stats = Type.Object(
  {
    sold_count: Type.Integer(),
    admission_count: Type.Integer(),
    remaining_count: Nullable(Type.Integer()),
    sell_through_percentage: Type.Integer(),
    total_orders: Type.Integer(),
    total_revenue: Money,
    redemption_rate: Type.Number(),
    sales_velocity: Type.Number(),
    capacity_consumed: Type.Integer(),
    capacity_remaining: Nullable(Type.Integer()),
  },
  { title: 'EventStats' },
)

const TicketSales = Type.Object(
  {
    title: Type.String(),
    kind: OneOf(['StandardTicket']),
    sold: Type.Integer(),
    stock: Nullable(Type.Integer()),
    price: Money,
    revenue: Money,
  },
  { title: 'TicketSales' },
)

export const EventWithSales = Type.Object(
  { ...eventFields, stats: Stats, tickets_breakdown: Type.Array(TicketSales), ...faqField },
  { title: 'EventWithSales' },
)

export const EventListQuery = Type.Object({ period: PeriodQuery })
export const EventList = Type.Object(
  {
    upcoming_events: Type.Array(Event),
    past_events: Type.Array(Event),
    stats: Type.Object({ upcoming_count: Type.Integer(), revenue: Money, tickets_sold: Type.Integer() }),
  },
  { title: 'EventList' },
)

/** Rates are percentages; the velocity is tickets a day since the first order. */
export function presentStats(sales: EventOnSale, currency: string): Type.Static<typeof Stats> {
  const { capacity } = sales
  return {
    sold_count: sales.sold,
    admission_count: sales.sold,
    remaining_count: sales.remaining,
    sell_through_percentage: sales.places ? Math.round((sales.sold * 100) / sales.places) : 0,
    total_orders: sales.orderCount,
    total_revenue: money(sales.revenueMinor, currency),
    redemption_rate: sales.sold > 0 ? oneDecimal((sales.redeemed * 100) / sales.sold) : 0,
    sales_velocity: sales.daysOnSale ? oneDecimal(sales.sold / sales.daysOnSale) : 0,
    capacity_consumed: sales.sold + sales.heldNow,
    capacity_remaining: capacity === null ? null : Math.max(capacity - sales.sold - sales.heldNow, 0),
  }
}

export function presentTicketSales(row: TicketTypeSales, currency: string): Type.Static<typeof TicketSales> {
  return {
    title: row.title,
    kind: 'StandardTicket',
    sold: row.sold,
    stock: row.stock,
    price: money(row.priceMinor, currency),
    revenue: money(row.revenueMinor, currency),
  }
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}
