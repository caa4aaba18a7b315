import { Type } from 'typebox'
import { displayCode } from '../platform/codes.ts'
import { Instant, Money, Nullable, OneOf, PageQuery, Pagination, PeriodQuery } from '../platform/http/shapes.ts'
import { decimal, money } from '../platform/money.ts'
import { orderStatus } from './order.ts'
import type { LineRow, OrderRow, TicketRow } from './queries.ts'

const orderFields = {
  public_id: Type.String(),
  status: OneOf(['paid', 'refund_pending', 'partially_refunded', 'refunded']),
  customer_name: Type.String(),
  customer_email: Nullable(Type.String()),
  total: Money,
  payment_provider: Type.String(),
  paid_at: Instant,
  created_at: Instant,
  item_count: Type.Integer(),
  order_code: Type.String(),
  display_number: Type.String(),
  shop_url: Type.String(),
  origin: OneOf(['checkout', 'import', 'guest_list', 'door']),
  delivery_email: Nullable(Type.String()),
  staff_note: Nullable(Type.String()),
  fees: Type.Object({ buyer_platform_fee: Type.String(), custom: Type.String() }),
  archived: Type.Boolean(),
  line_count: Type.Integer(),
  product_quantity: Type.Integer(),
  attribution: Type.Record(Type.String(), Type.String()),
}
export const Order = Type.Object(orderFields, { title: 'Order' })

const Line = Type.Object(
  {
    public_id: Type.String(),
    product_id: Nullable(Type.String()),
    product_type: OneOf(['ticket']),
    name: Type.String(),
    description: Nullable(Type.String()),
    quantity: Type.Integer(),
    unit_price: Money,
    subtotal: Money,
    discount: Money,
    tax: Type.Object({ rate: Type.String(), amount: Type.String(), currency: Type.String() }),
    total: Money,
    fulfilled_at: Nullable(Instant),
  },
  { title: 'OrderLine' },
)

const Item = Type.Object(
  {
    public_id: Type.String(),
    check_in_code: Type.String(),
    display_check_in_code: Type.String(),
    ticket_title: Type.String(),
    attendee_name: Nullable(Type.String()),
    place_label: Nullable(Type.String()),
    event_id: Type.Integer(),
    event_slug: Type.String(),
    redeemed: Type.Boolean(),
    redeemed_at: Nullable(Instant),
    admission_status: OneOf(['active', 'cancelled']),
    admission_cancellation_status: Nullable(Type.String()),
    blocked_reason: Nullable(Type.String()),
  },
  { title: 'OrderItem' },
)

export const OrderDetail = Type.Object(
  { ...orderFields, lines: Type.Array(Line), items: Type.Array(Item) },
  { title: 'OrderDetail' },
)

export const RefParams = Type.Object({ ref: Type.String() })

/** No amount: everything that is left. */
export const RefundInput = Type.Object({ amount: Type.Optional(Type.String({ maxLength: 30 })) })

export const OrderQuery = Type.Object({
  period: PeriodQuery,
  event_slug: Type.Optional(Type.String({ maxLength: 200 })),
  query: Type.Optional(Type.String({ maxLength: 200 })),
  include_archived: Type.Optional(Type.Boolean()),
  ...PageQuery,
})

export const OrderList = Type.Object(
  {
    orders: Type.Array(Order),
    stats: Type.Object({ order_count: Type.Integer(), revenue: Money }),
    pagination: Pagination,
  },
  { title: 'OrderList' },
)

/** `shopUrl` is the account's shop, without a slash at its end. */
export function presentOrder(row: OrderRow, currency: string, shopUrl: string): Type.Static<typeof Order> {
  const none = decimal(0n, currency)
  return {
    public_id: row.publicId,
    status: orderStatus(row),
    customer_name: row.customerName,
    customer_email: row.customerEmail,
    total: money(row.totalMinor, currency),
    payment_provider: row.paymentProvider,
    paid_at: row.paidAt,
    created_at: row.createdAt,
    item_count: row.ticketCount,
    order_code: row.orderCode,
    display_number: displayCode(row.orderCode),
    shop_url: `${shopUrl}/orders/${row.publicId}`,
    origin: row.origin,
    delivery_email: row.customerEmail,
    staff_note: row.staffNote,
    fees: { buyer_platform_fee: none, custom: none },
    archived: row.archived,
    line_count: row.lineCount,
    product_quantity: row.ticketCount,
    attribution: row.attribution,
  }
}

export function presentLine(row: LineRow, currency: string, paidAt: string): Type.Static<typeof Line> {
  return {
    public_id: row.publicId,
    product_id: String(row.ticketTypeId),
    product_type: 'ticket',
    name: row.name,
    description: null,
    quantity: row.quantity,
    unit_price: money(row.unitPriceMinor, currency),
    subtotal: money(row.totalMinor + row.discountMinor, currency),
    discount: money(row.discountMinor, currency),
    tax: { rate: row.taxRate ?? '0.0', ...money(row.taxMinor, currency) },
    total: money(row.totalMinor, currency),
    fulfilled_at: paidAt,
  }
}

export function presentItem(row: TicketRow): Type.Static<typeof Item> {
  return {
    public_id: row.publicId,
    check_in_code: row.checkInCode,
    display_check_in_code: displayCode(row.checkInCode),
    ticket_title: row.ticketTitle,
    attendee_name: row.attendeeName,
    place_label: null,
    event_id: row.eventId,
    event_slug: row.eventSlug,
    redeemed: row.redeemedAt !== null,
    redeemed_at: row.redeemedAt,
    admission_status: row.cancelledAt === null ? 'active' : 'cancelled',
    admission_cancellation_status: null,
    blocked_reason: null,
  }
}
