import { setImmediate as breathe } from 'node:timers/promises'
import { displayCode } from '../platform/codes.ts'
import { oneLine } from '../platform/formats.ts'
import { openPaper, type Paper } from '../platform/paper/paper.ts'
import { describeDate, describePlace } from './describe-event.ts'
import { qrModules, ticketToken } from './qr-code.ts'
import type { AdmissionRow, AdmissionTicket } from './queries.ts'
import { ticketWords } from './ticket-words.ts'

// Points on an A4 page.
const left = 57
const width = 481
const qrSide = 198
/** The light frame that a reader needs around the code: four modules (ISO/IEC 18004). */
const quietModules = 4

/** One PDF with a page for each ticket: what, when, where, for whom, and the QR code that opens the door. */
export async function writeTicketsPdf(order: AdmissionRow, tickets: AdmissionTicket[]): Promise<Buffer> {
  const words = ticketWords[order.locale]
  const paper = await openPaper({
    title: `${words.ticket}: ${oneLine(order.eventTitle)}`,
    author: oneLine(order.accountName),
    locale: order.locale,
    createdAt: new Date(order.paidAt),
  })
  for (const [index, ticket] of tickets.entries()) {
    if (index > 0) paper.doc.addPage()
    writeTicket(paper, order, ticket, `${index + 1} / ${tickets.length}`)
    await breathe() // others want the processor, too
  }
  return paper.finish()
}

function writeTicket(paper: Paper, order: AdmissionRow, ticket: AdmissionTicket, count: string): void {
  const words = ticketWords[order.locale]
  const name = oneLine(ticket.attendeeName ?? order.customerName)
  let y = 57
  const write = (text: string, style: { size: number; bold?: boolean; color?: string }, mostLines: number) => {
    for (const line of shorten(paper.wrap(oneLine(text), width, style), mostLines)) {
      y += style.size * 1.3
      paper.write(line, { x: left, y }, style)
    }
  }
  write(order.accountName, { size: 11, color: '#555555' }, 1)
  y += 8
  write(order.eventTitle, { size: 24, bold: true }, 4)
  y += 8
  for (const line of describeDate(order)) write(line, { size: 13 }, 2)
  write(describePlace(order), { size: 13 }, 3)
  y += 16
  write(ticket.title, { size: 16, bold: true }, 2)
  if (name) write(name, { size: 16 }, 2)
  y += 20
  drawQrCode(paper, ticketToken(ticket.secret), y)
  y += qrSide + 4
  write(displayCode(ticket.checkInCode), { size: 16, bold: true }, 1)
  y += 4
  write(words.codeIsForPeople, { size: 9, color: '#555555' }, 2)
  write(`${words.order} ${displayCode(order.orderCode)} · ${words.ticket} ${count}`, { size: 9, color: '#555555' }, 1)
}

/** Dark on white, whatever the page is printed on. */
function drawQrCode({ doc }: Paper, text: string, y: number): void {
  const rows = qrModules(text)
  const module = qrSide / (rows.length + 2 * quietModules)
  doc.rect(left, y, qrSide, qrSide).fill('white')
  for (const [row, modules] of rows.entries()) {
    for (let start = modules.indexOf(true); start >= 0; ) {
      const light = modules.indexOf(false, start)
      const end = light < 0 ? modules.length : light
      const at = { x: left + (quietModules + start) * module, y: y + (quietModules + row) * module }
      doc.rect(at.x, at.y, (end - start) * module, module)
      start = modules.indexOf(true, end)
    }
  }
  doc.fill('black')
}

function shorten(lines: string[], most: number): string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`]
}
