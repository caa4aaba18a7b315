import type { CheckoutItemRow } from '../../checkout/queries.ts'
import { lineTax } from '../../orders/order.ts'
import type { Visit } from '../visit.ts'
import { formatMoney, formatRate } from './formats.ts'
import { type Content, html } from './html.ts'

export interface SummaryLine {
  title: string
  quantity: number
  totalMinor: bigint
  taxRate: string | null
  taxMinor: bigint
}

export function summaryLines(items: CheckoutItemRow[]): SummaryLine[] {
  return items.map(({ title, quantity, unitPriceMinor, taxRate }) => {
    const totalMinor = unitPriceMinor * BigInt(quantity)
    return { title, quantity, totalMinor, taxRate, taxMinor: lineTax(totalMinor, taxRate) }
  })
}

/** What is ordered and what it costs, tax included: each line, then the total, then the tax in it by its rate. */
export function summaryTable({ account, locale, words }: Visit, lines: SummaryLine[]): Content {
  const amount = (minor: bigint) => formatMoney(minor, account.currency, locale)
  const total = lines.reduce((sum, line) => sum + line.totalMinor, 0n)
  const taxes = Map.groupBy(
    lines.filter((line) => line.taxRate !== null && line.taxMinor > 0n),
    (line) => line.taxRate ?? '',
  )
  return html`<table class="summary"><tbody>
${lines.map((line) => html`<tr><th scope="row">${line.quantity} × ${line.title}</th><td>${amount(line.totalMinor)}</td></tr>`)}
</tbody><tfoot>
<tr class="total"><th scope="row">${total > 0n ? words.totalWithTax : words.total}</th><td>${amount(total)}</td></tr>
${[...taxes].map(
  ([rate, taxed]) =>
    html`<tr class="tax"><td colspan="2">${words.includesTax(
      formatRate(rate, locale),
      amount(taxed.reduce((sum, line) => sum + line.taxMinor, 0n)),
    )}</td></tr>`,
)}
</tfoot></table>`
}
