import type { CheckoutItemRow } from '../../checkout/queries.ts'
import { lineTax } from '../../orders/order.ts'
import { formatMoney, formatRate } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { Visit } from '../visit.ts'

export interface SummaryLine {
  title: string
  quantity: number
  discountMinor: bigint
  /** After the discount. */
  totalMinor: bigint
  taxRate: string | null
  taxMinor: bigint
}

export function summaryLines(items: CheckoutItemRow[]): SummaryLine[] {
  return items.map(({ title, quantity, unitPriceMinor, discountMinor, taxRate }) => {
    const totalMinor = unitPriceMinor * BigInt(quantity) - discountMinor
    return { title, quantity, discountMinor, totalMinor, taxRate, taxMinor: lineTax(totalMinor, taxRate) }
  })
}

/** What is ordered and what it costs, tax included: each line, then the total, then the tax in it by its rate. */
export function summaryTable(visit: Visit, lines: SummaryLine[]): Content {
  const { account, locale, words } = visit
  const amount = (minor: bigint) => formatMoney(minor, account.currency, locale)
  const total = sum(lines.map((line) => line.totalMinor))
  const discount = sum(lines.map((line) => line.discountMinor))
  return html`<table class="summary"><tbody>
${lines.map(
  ({ quantity, title, totalMinor, discountMinor }) =>
    html`<tr><th scope="row">${quantity} × ${title}</th><td>${amount(totalMinor + discountMinor)}</td></tr>`,
)}
${discount > 0n && html`<tr><th scope="row">${words.discount}</th><td>${amount(-discount)}</td></tr>`}
</tbody><tfoot>
<tr class="total"><th scope="row">${total > 0n ? words.totalWithTax : words.total}</th><td>${amount(total)}</td></tr>
${taxRows(visit, lines)}
</tfoot></table>`
}

function taxRows({ account, locale, words }: Visit, lines: SummaryLine[]): Content {
  const taxes = Map.groupBy(
    lines.filter((line) => line.taxRate !== null && line.taxMinor > 0n),
    (line) => line.taxRate ?? '',
  )
  return [...taxes].map(([rate, taxed]) => {
    const tax = formatMoney(sum(taxed.map((line) => line.taxMinor)), account.currency, locale)
    return html`<tr class="tax"><td colspan="2">${words.includesTax(formatRate(rate, locale), tax)}</td></tr>`
  })
}

function sum(amounts: bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
