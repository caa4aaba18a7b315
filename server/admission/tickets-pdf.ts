import { setImmediate as breathe } from 'node:timers/promises'
import { displayCode } from '../platform/codes.ts'
import { oneLine } from '../platform/formats.ts'
import { openPaper, type Paper, type Style } from '../platform/paper/paper.ts'
import { describeDate, describePlace } from './describe-event.ts'
import { qrModules, ticketToken } from './qr-code.ts'
import type { AdmissionRow, AdmissionTicket } from './queries.ts'
import { ticketWords } from './ticket-words.ts'

// Points on an A4 page.
const left = 57
const width = 481
const qrSide = 198
const grey = '#555555'
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
  const linesOf = onceEach((text: string, size: number, bold: boolean, most: number) =>
    shorten(paper.wrap(oneLine(text), width, { size, bold }), most),
  )
  const head = [...describeDate(order), describePlace(order)]
  for (const [index, ticket] of tickets.entries()) {
    if (index > 0) paper.doc.addPage()
    writeTicket({ paper, linesOf }, order, head, ticket, `${index + 1} / ${tickets.length}`)
    await breathe() // others want the processor, too
  }
  return paper.finish()
}

interface Page {
  paper: Paper
  /** The lines of a text, at most so many: most of them are the same on every page, and finding them takes time. */
  linesOf(text: string, size: number, bold: boolean, most: number): string[]
}

function writeTicket(
  { paper, linesOf }: Page,
  order: AdmissionRow,
  head: string[],
  ticket: AdmissionTicket,
  count: string,
): void {
  const words = ticketWords[order.locale]
  let y = 57
  const write = (text: string, { size, bold = false, color = 'black' }: Style, mostLines: number) => {
    for (const line of linesOf(text, size, bold, mostLines)) {
      y += size * 1.3
      paper.write(line, { x: left, y }, { size, bold, color })
    }
  }
  write(order.accountName, { size: 11, color: grey }, 1)
  y += 8
  write(order.eventTitle, { size: 24, bold: true }, 4)
  y += 8
  for (const text of head) write(text, { size: 13 }, 3)
  y += 16
  write(ticket.title, { size: 16, bold: true }, 2)
  write(ticket.attendeeName ?? order.customerName, { size: 16 }, 2)
  y += 20
  drawQrCode(paper, ticketToken(ticket), y)
  y += qrSide + 4
  write(displayCode(ticket.checkInCode), { size: 16, bold: true }, 1)
  y += 4
  write(words.showCode, { size: 9, color: grey }, 2)
  write(`${words.order} ${displayCode(order.orderCode)} · ${words.ticket} ${count}`, { size: 9, color: grey }, 1)
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

/** The function, which remembers what it answered. */
function onceEach<Arguments extends unknown[], Answer>(ask: (...args: Arguments) => Answer) {
  const answers = new Map<string, Answer>()
  return (...args: Arguments): Answer => {
    const key = JSON.stringify(args)
    const answer = answers.get(key) ?? ask(...args)
    answers.set(key, answer)
    return answer
  }
}
