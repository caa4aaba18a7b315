import { Type } from 'typebox'
import { Instant, InstantInput, Nullable, OneOf } from '../platform/http/shapes.ts'
import { decimal } from '../platform/money.ts'
import type { PromoCodeRow } from './queries.ts'

const DiscountType = OneOf(['percentage', 'fixed'])

export const PromoCode = Type.Object(
  {
    id: Type.Integer(),
    code: Type.String(),
    discount_type: DiscountType,
    discount_amount: Type.String(),
    event_id: Nullable(Type.Integer()),
    event_title: Nullable(Type.String()),
    expires_at: Nullable(Instant),
    usage_limit: Nullable(Type.Integer()),
    max_per_customer: Nullable(Type.Integer()),
    redemptions_count: Type.Integer(),
    active: Type.Boolean(),
    share_url: Type.String(),
    created_at: Instant,
    updated_at: Instant,
  },
  { title: 'PromoCode' },
)

export const PromoCodeList = Type.Object({ promo_codes: Type.Array(PromoCode) }, { title: 'PromoCodeList' })

const Count = Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })))

export const PromoCodeInput = Type.Object({
  code: Type.String({ maxLength: 100 }),
  discount_type: DiscountType,
  discount_amount: Type.String({ maxLength: 30 }),
  event_id: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))),
  expires_at: Type.Optional(Nullable(InstantInput)),
  usage_limit: Count,
  max_per_customer: Count,
  active: Type.Optional(Type.Boolean()),
})
export const PromoCodeChanges = Type.Partial(PromoCodeInput)
export type PromoCodeInput = Type.Static<typeof PromoCodeInput>
export type PromoCodeChanges = Type.Static<typeof PromoCodeChanges>

/** `shopUrl` is the account's shop, without a slash at its end. */
export function presentPromoCode(row: PromoCodeRow, currency: string, shopUrl: string): Type.Static<typeof PromoCode> {
  const page = row.eventSlug === null ? '/events' : `/events/${row.eventSlug}`
  return {
    id: row.id,
    code: row.code,
    discount_type: row.discountType,
    discount_amount: discountAmountOf(row, currency),
    event_id: row.eventId,
    event_title: row.eventTitle,
    expires_at: row.expiresAt,
    usage_limit: row.usageLimit,
    max_per_customer: row.maxPerCustomer,
    redemptions_count: row.redemptionsCount,
    active: row.active,
    share_url: `${shopUrl}${page}?promo=${row.code}`,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }
}

/** "10.0" or "12.25" for percent, "5.00" for euros. */
export function discountAmountOf(row: Pick<PromoCodeRow, 'percent' | 'amountMinor'>, currency: string): string {
  if (row.amountMinor !== null) return decimal(row.amountMinor, currency)
  return (row.percent ?? '').replace(/0$/, '')
}
