import type { InvoiceDocument } from './invoice.ts'
import type { InvoiceRow } from './queries.ts'
import { drawRule, left, makeRoom, right, type Sheet, text } from './sheet.ts'

/** The right ends of the numbers' columns. */
const columns = { quantity: 360, price: 450, amount: right }
const lineHeight = 15

/** What was sold, line by line; a paper that takes another back has none. */
export function drawColumns(sheet: Sheet, { lines }: InvoiceDocument): void {
  const { paper, words } = sheet
  if (lines.length === 0) return
  makeRoom(sheet, 3 * lineHeight)
  const write = (cells: [item: string, quantity: string, price: string, amount: string], style = text.plain) => {
    const [item, quantity, price, amount] = cells
    const parts = paper.wrap(item, columns.quantity - left - 50, style)
    makeRoom(sheet, parts.length * lineHeight)
    paper.write(quantity, { x: columns.quantity, y: sheet.y, align: 'right' }, style)
    paper.write(price, { x: columns.price, y: sheet.y, align: 'right' }, style)
    paper.write(amount, { x: columns.amount, y: sheet.y, align: 'right' }, style)
    for (const part of parts) {
      paper.write(part, { x: left, y: sheet.y }, style)
      sheet.y += lineHeight
    }
  }
  write([words.item, words.quantity, words.price, words.amount], text.strong)
  sheet.y += 3
  drawRule(sheet)
  for (const { name, quantity, unitPrice, discount, total } of lines) {
    write([name, String(quantity), words.money(unitPrice), words.money(String(BigInt(total) + BigInt(discount)))])
    if (discount !== '0') write([words.discount, '', '', words.money(String(-BigInt(discount)))])
  }
  sheet.y += 8
  drawRule(sheet)
}

/** The total, and the tax that it contains at each rate. */
export function drawTotals(sheet: Sheet, { document, totalMinor }: InvoiceRow): void {
  const { paper, words } = sheet
  const write = (label: string, minor: string, style = text.plain) => {
    makeRoom(sheet, lineHeight)
    paper.write(label, { x: columns.price, y: sheet.y, align: 'right' }, style)
    paper.write(words.money(minor), { x: columns.amount, y: sheet.y, align: 'right' }, style)
    sheet.y += lineHeight
  }
  sheet.y += 6
  write(words.total, String(totalMinor), { ...text.strong, size: 12 })
  const taxed = document.taxes.flatMap(({ rate, gross, tax }) => (rate === null ? [] : [{ rate, gross, tax }]))
  if (taxed.length > 0) {
    const tax = taxed.reduce((sum, share) => sum + BigInt(share.tax), 0n)
    write(words.net, String(totalMinor - tax))
  }
  for (const { rate, gross, tax } of taxed) write(words.included(words.rate(rate), words.money(gross)), tax)
  if (document.about) return
  sheet.y += 20
  makeRoom(sheet, lineHeight)
  paper.write(words.paid, { x: left, y: sheet.y }, text.plain)
}
