import { Type } from 'typebox'
import { displayCode } from '../platform/codes.ts'
import { Instant, Money, Nullable, OneOf, Text } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import type { PaymentResult } from './conclude-payment.ts'
import type { Buyer, CheckoutRow } from './queries.ts'

const salutations = ['ms', 'mr', 'mx'] as const
export const attributionKeys = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'ref'] as const

export const NewCheckout = Type.Object({
  event_slug: Text(200),
  items: Type.Array(
    Type.Object({
      ticket_id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
      quantity: Type.Integer({ minimum: 1, maximum: 1000 }),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  promo_code: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
  attribution: Type.Optional(Nullable(Type.Record(Type.String(), Type.Unknown()))),
})
export type NewCheckout = Type.Static<typeof NewCheckout>

const Clearable = (maxLength: number) => Type.Optional(Nullable(Type.String({ maxLength })))

export const CheckoutChanges = Type.Object({
  buyer: Type.Optional(
    Type.Object({
      email: Type.Optional(Type.String({ maxLength: 320 })),
      name: Clearable(255),
      company: Clearable(255),
      phone: Clearable(50),
      salutation: Type.Optional(
        Type.Unsafe<'ms' | 'mr' | 'mx' | '' | null>({ type: ['string', 'null'], enum: [...salutations, '', null] }),
      ),
      title: Clearable(100),
    }),
  ),
  promo_code: Clearable(100),
  marketing_consent: Type.Optional(Type.Boolean()),
  locale: Type.Optional(OneOf(['en', 'de'])),
})
export type CheckoutChanges = Type.Static<typeof CheckoutChanges>

/** `provider`, and beside it what that provider asks for. */
export const PaymentRequest = Type.Object({
  provider: Text(50),
  outcome: Type.Optional(Type.String({ maxLength: 50 })),
})

const OrderNumbers = Type.Object(
  { public_id: Type.String(), order_code: Type.String(), display_number: Type.String() },
  { title: 'OrderNumbers' },
)

const BuyerShape = Type.Object(
  {
    email: Type.String(),
    name: Nullable(Type.String()),
    company: Nullable(Type.String()),
    phone: Nullable(Type.String()),
    salutation: Nullable(OneOf(salutations)),
    title: Nullable(Type.String()),
  },
  { title: 'Buyer' },
)

export const Checkout = Type.Object(
  {
    public_id: Type.String(),
    status: OneOf(['pending', 'paid']),
    expires_at: Instant,
    event: Type.Object({ slug: Type.String(), title: Type.String() }),
    items: Type.Array(
      Type.Object({
        ticket_id: Type.Integer(),
        title: Type.String(),
        quantity: Type.Integer(),
        unit_price: Money,
        total: Money,
      }),
    ),
    subtotal: Money,
    discount: Money,
    total: Money,
    buyer: Type.Union([BuyerShape, Type.Null()]),
    marketing_consent: Type.Boolean(),
    payment_providers: Type.Array(Type.String()),
    locale: OneOf(['en', 'de']),
    order: Type.Union([OrderNumbers, Type.Null()]),
    promo_code: Nullable(Type.String()),
  },
  { title: 'Checkout' },
)

export const PaymentAnswer = Type.Object(
  {
    status: OneOf(['paid', 'pending', 'requires_action']),
    order: Type.Optional(OrderNumbers),
    redirect_url: Type.Optional(Type.String()),
  },
  { title: 'PaymentAnswer' },
)

export function presentPayment(result: PaymentResult): Type.Static<typeof PaymentAnswer> {
  switch (result.status) {
    case 'paid':
      return { status: 'paid', order: presentOrderNumbers(result.order) }
    case 'requires_action':
      return { status: 'requires_action', redirect_url: result.redirectUrl }
    case 'pending':
      return { status: 'pending' }
  }
}

function presentOrderNumbers(order: { publicId: string; orderCode: string }): Type.Static<typeof OrderNumbers> {
  return { public_id: order.publicId, order_code: order.orderCode, display_number: displayCode(order.orderCode) }
}

export function presentCheckout(
  row: CheckoutRow,
  currency: string,
  providerNames: string[],
): Type.Static<typeof Checkout> {
  return {
    public_id: row.publicId,
    status: row.status === 'paid' ? 'paid' : 'pending',
    expires_at: row.expiresAt,
    event: { slug: row.eventSlug, title: row.eventTitle },
    items: row.items.map((item) => ({
      ticket_id: item.ticketTypeId,
      title: item.title,
      quantity: item.quantity,
      unit_price: money(item.unitPriceMinor, currency),
      total: money(item.unitPriceMinor * BigInt(item.quantity), currency),
    })),
    subtotal: money(row.totalMinor + row.discountMinor, currency),
    discount: money(row.discountMinor, currency),
    total: money(row.totalMinor, currency),
    buyer: row.buyer && presentBuyer(row.buyer),
    marketing_consent: row.marketingConsent,
    payment_providers: providerNames,
    locale: row.locale,
    order:
      row.orderPublicId && row.orderCode
        ? presentOrderNumbers({ publicId: row.orderPublicId, orderCode: row.orderCode })
        : null,
    promo_code: row.promoCode,
  }
}

function presentBuyer(buyer: Buyer): Type.Static<typeof BuyerShape> {
  const { email, name, company, phone, salutation, title } = buyer
  return { email, name, company, phone, salutation, title }
}
