import { Type } from 'typebox'
import { Order } from '../orders/schema.ts'
import { Instant, Money, Nullable, OneOf, PageQuery, Pagination, PeriodQuery } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import type { CustomerRow } from './queries.ts'

const salutations = ['ms', 'mr', 'mx'] as const

const customerFields = {
  id: Type.Integer(),
  email: Type.String(),
  name: Nullable(Type.String()),
  company: Nullable(Type.String()),
  total_spent: Money,
  marketing_consent: Type.Boolean(),
  marketing_consent_at: Nullable(Instant),
  created_at: Instant,
  salutation: Nullable(OneOf(salutations)),
  title: Nullable(Type.String()),
  phone: Nullable(Type.String()),
}
export const Customer = Type.Object(customerFields, { title: 'Customer' })
export const CustomerDetail = Type.Object({ ...customerFields, orders: Type.Array(Order) }, { title: 'CustomerDetail' })

export const CustomerQuery = Type.Object({
  period: PeriodQuery,
  event_slug: Type.Optional(Type.String({ maxLength: 200 })),
  query: Type.Optional(Type.String({ maxLength: 200 })),
  marketing_only: Type.Optional(Type.Boolean()),
  ...PageQuery,
})

export const CustomerList = Type.Object(
  {
    customers: Type.Array(Customer),
    stats: Type.Object({ customer_count: Type.Integer(), total_spent: Money }),
    pagination: Pagination,
  },
  { title: 'CustomerList' },
)

const Clearable = (maxLength: number) => Type.Optional(Nullable(Type.String({ maxLength })))
export const CustomerChanges = Type.Object({
  salutation: Type.Optional(
    Type.Unsafe<'ms' | 'mr' | 'mx' | '' | null>({ type: ['string', 'null'], enum: [...salutations, '', null] }),
  ),
  title: Clearable(100),
  name: Clearable(255),
  company: Clearable(255),
  phone: Clearable(50),
})
export type CustomerChanges = Type.Static<typeof CustomerChanges>

export function presentCustomer(row: CustomerRow, currency: string): Type.Static<typeof Customer> {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    company: row.company,
    total_spent: money(row.totalSpentMinor, currency),
    marketing_consent: row.marketingConsentAt !== null,
    marketing_consent_at: row.marketingConsentAt,
    created_at: row.createdAt,
    salutation: row.salutation,
    title: row.title,
    phone: row.phone,
  }
}
