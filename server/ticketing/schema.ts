import { Type } from 'typebox'
import { Money, Nullable, OneOf, Text } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import type { TicketTypeRow } from './queries.ts'

export const Ticket = Type.Object(
  {
    id: Type.Integer(),
    title: Type.String(),
    kind: OneOf(['StandardTicket']),
    state: OneOf(['active', 'hidden', 'archived']),
    price: Money,
    stock: Nullable(Type.Integer()),
    unlimited_stock: Type.Boolean(),
    position: Type.Integer(),
    max_per_order: Type.Integer(),
    max_per_customer: Nullable(Type.Integer()),
    access_code_required: Type.Boolean(),
    tax_rate: Nullable(Type.String()),
  },
  { title: 'Ticket' },
)

export const TicketList = Type.Object(
  {
    event: Type.Object({ id: Type.Integer(), slug: Type.String(), title: Type.String() }),
    tickets: Type.Array(Ticket),
  },
  { title: 'TicketList' },
)

export const TicketInput = Type.Object({
  title: Text(),
  price: Type.String({ maxLength: 30 }),
  stock: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 10_000_000 }))),
  unlimited_stock: Type.Optional(Type.Boolean()),
  state: Type.Optional(OneOf(['active', 'hidden', 'archived'])),
  position: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  max_per_order: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  max_per_customer: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 10_000 }))),
  tax_rate: Type.Optional(Nullable(Type.String({ maxLength: 6 }))),
})
export const TicketChanges = Type.Partial(TicketInput)
export type TicketInput = Type.Static<typeof TicketInput>
export type TicketChanges = Type.Static<typeof TicketChanges>

export function presentTicket(row: TicketTypeRow, currency: string): Type.Static<typeof Ticket> {
  return {
    id: row.id,
    title: row.title,
    kind: 'StandardTicket',
    state: row.state,
    price: money(row.priceMinor, currency),
    stock: row.stock,
    unlimited_stock: row.stock === null,
    position: row.position,
    max_per_order: row.maxPerOrder,
    max_per_customer: row.maxPerCustomer,
    access_code_required: false,
    tax_rate: row.taxRate,
  }
}
