import { Type } from 'typebox'
import { Instant, Money, OneOf } from '../../platform/http/shapes.ts'
import { money } from '../../platform/money.ts'
import type { InvoiceRow } from './queries.ts'

const Invoice = Type.Object(
  {
    number: Type.String(),
    kind: OneOf(['invoice', 'cancellation']),
    issued_at: Instant,
    total: Money,
    url: Type.String(),
  },
  { title: 'Invoice' },
)
export const Invoices = Type.Array(Invoice)

export const PaperParams = Type.Object({ public_id: Type.String(), file: Type.String() })

/** `orderUrl` is the order's page in its shop. */
export function presentInvoice(row: InvoiceRow, orderUrl: string): Type.Static<typeof Invoice> {
  return {
    number: row.number,
    kind: row.kind,
    issued_at: row.issuedAt,
    total: money(row.totalMinor, row.document.currency),
    url: `${orderUrl}/invoices/${row.number}.pdf`,
  }
}
