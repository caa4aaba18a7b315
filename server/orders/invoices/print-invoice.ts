import { openPaper, type Paper } from '../../platform/paper/paper.ts'
import { isolated } from '../../platform/paper/text-runs.ts'
import { drawColumns, drawTotals } from './draw-table.ts'
import type { InvoiceRow } from './queries.ts'
import { left, makeRoom, pageBottom, right, type Sheet, text } from './sheet.ts'
import { wordsOf } from './words.ts'

/** The invoice's PDF, in the buyer's language, made of nothing but what was written down when it was issued. */
export async function printInvoice(invoice: InvoiceRow): Promise<Buffer> {
  const { document, number, kind } = invoice
  const words = wordsOf(document.locale, document.currency)
  const title = `${words[kind]} ${number}`
  const paper = await openPaper({
    title,
    author: document.organizer.name,
    locale: document.locale,
    createdAt: new Date(invoice.issuedAt),
  })
  const sheet: Sheet = { paper, words, y: 70 }
  const imprint = imprintOf(paper, invoice)
  drawParties(sheet, invoice, imprint)
  drawHeading(sheet, invoice, title)
  drawColumns(sheet, document)
  drawTotals(sheet, invoice)
  drawRestOfImprint(sheet, imprint)
  drawPageNumbers(paper, number, words.page)
  return paper.finish()
}

/** So many lines of the imprint stand beside the buyer; the rest of a longer one stands at the end. */
const imprintLines = 14
const half = (right - left) / 2 - 10

function imprintOf(paper: Paper, { document }: InvoiceRow): string[] {
  return document.organizer.imprint === null ? [] : paper.wrap(document.organizer.imprint, half, text.small)
}

function drawParties(sheet: Sheet, invoice: InvoiceRow, imprint: string[]): void {
  const { organizer, buyer } = invoice.document
  const { paper, words } = sheet
  const names = paper.wrap(organizer.name, half, text.strong)
  const vat = organizer.vatId === null ? [] : [`${words.vatId}: ${organizer.vatId}`]
  const seller = [...names, ...imprint.slice(0, imprintLines), ...vat]
  const customer = [buyer.company ?? '', buyer.name, buyer.email].filter(Boolean)
  const top = sheet.y
  seller.forEach((line, index) => {
    const style = index < names.length ? text.strong : text.small
    paper.write(line, { x: right, y: top + index * 12, align: 'right' }, style)
  })
  const lines = customer.flatMap((part) => paper.wrap(part, half, text.plain))
  lines.forEach((line, index) => {
    paper.write(line, { x: left, y: top + index * 14 }, text.plain)
  })
  sheet.y = top + Math.max(lines.length * 14, seller.length * 12) + 40
}

function drawHeading(sheet: Sheet, { document, kind }: InvoiceRow, title: string): void {
  const { paper, words } = sheet
  paper.write(title, { x: left, y: sheet.y }, text.title)
  sheet.y += 22
  const facts = [
    `${words.date}: ${words.day(document.issuedOn)}`,
    `${words.order}: ${document.orderCode.slice(0, 4)}-${document.orderCode.slice(4)}`,
    `${words.event}: ${isolated(document.event.title)}, ${words.day(document.event.on)}, ${isolated(document.event.place)}`,
  ]
  if (document.about) {
    const say = kind === 'cancellation' ? words.cancels : words.restores
    facts.push(say(document.about.number, words.day(document.about.issuedOn)))
  }
  for (const line of facts.flatMap((fact) => paper.wrap(fact, right - left, text.plain))) {
    paper.write(line, { x: left, y: sheet.y }, text.plain)
    sheet.y += 15
  }
  sheet.y += 20
}

function drawRestOfImprint(sheet: Sheet, imprint: string[]): void {
  sheet.y += 30
  for (const line of imprint.slice(imprintLines)) {
    makeRoom(sheet, 12)
    sheet.paper.write(line, { x: left, y: sheet.y }, text.small)
    sheet.y += 12
  }
}

function drawPageNumbers(paper: Paper, number: string, say: (page: number, pages: number) => string): void {
  const { start, count } = paper.doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    paper.doc.switchToPage(page)
    paper.write(number, { x: left, y: pageBottom }, text.faint)
    paper.write(say(page + 1, count), { x: right, y: pageBottom, align: 'right' }, text.faint)
  }
}
