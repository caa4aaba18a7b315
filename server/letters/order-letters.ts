import { shopUrl } from '../accounts/shop-address.ts'
import { writeCalendar } from '../admission/calendar.ts'
import { describeDate, describePlace } from '../admission/describe-event.ts'
import { type AdmissionRow, findAdmission, listAdmissionTickets } from '../admission/queries.ts'
import { writeTicketsPdf } from '../admission/tickets-pdf.ts'
import type { MailRow } from '../mails/queries.ts'
import { displayCode } from '../platform/codes.ts'
import type { Db } from '../platform/database.ts'
import { formatMoney, oneLine } from '../platform/formats.ts'
import { greetingName, type Letter, Outdated, wordsFor, writeText } from './letter.ts'

/** The mails about one order. Throws Outdated where it has no valid tickets to send any more. */
export async function composeOrderLetter(db: Db, mail: MailRow, baseUrl: string): Promise<Letter> {
  const order = await findAdmission(db, mail.accountId, { id: mail.orderId ?? 0 })
  if (!order) throw new Outdated('The order is gone')
  if (mail.kind === 'tickets') return ticketsLetter(db, mail, order, baseUrl)
  return mail.kind === 'refund' ? refundLetter(db, mail, order, baseUrl) : cancellationLetter(mail, order)
}

async function ticketsLetter(db: Db, mail: MailRow, order: AdmissionRow, baseUrl: string): Promise<Letter> {
  const words = wordsFor(mail)
  const tickets = await listAdmissionTickets(db, order.accountId, order.orderId)
  if (tickets.length === 0) throw new Outdated('The tickets ended before the mail was sent')
  const url = orderUrl(order, baseUrl)
  const paragraphs = [
    words.hello(greetingName(oneLine(order.customerName))),
    words.ticketsOpening,
    describeEvent({ ...order, locale: mail.locale }),
    [...countByTitle(tickets.map(({ title }) => title))].map(([title, count]) => `${count} × ${title}`).join('\n'),
    `${words.total(formatMoney(order.totalMinor, order.currency, mail.locale))}\n${words.order(displayCode(order.orderCode))}`,
    `${words.yourOrder}\n${url}`,
    words.ticketsAttached,
    order.attendeeNote,
  ]
  return {
    subject: words.ticketsSubject(order.eventTitle),
    text: writeText(paragraphs, order),
    attachments: [
      { filename: 'tickets.pdf', contentType: 'application/pdf', content: await writeTicketsPdf(order, tickets) },
      { filename: 'event.ics', contentType: 'text/calendar', content: writeCalendar(order, url) },
    ],
  }
}

async function refundLetter(db: Db, mail: MailRow, order: AdmissionRow, baseUrl: string): Promise<Letter> {
  const words = wordsFor(mail)
  const amount = formatMoney(BigInt(mail.details.amountMinor ?? 0), order.currency, mail.locale)
  const keepsTickets = (await listAdmissionTickets(db, order.accountId, order.orderId)).length > 0
  const paragraphs = [
    words.hello(greetingName(oneLine(order.customerName))),
    words.refundBody(amount, oneLine(order.eventTitle)),
    words.bankDays,
    keepsTickets ? words.refundKeepsTickets : words.refundEndsTickets,
    words.order(displayCode(order.orderCode)),
    keepsTickets ? `${words.yourOrder}\n${orderUrl(order, baseUrl)}` : null,
  ]
  return { subject: words.refundSubject(order.eventTitle), text: writeText(paragraphs, order), attachments: [] }
}

function cancellationLetter(mail: MailRow, order: AdmissionRow): Letter {
  const words = wordsFor(mail)
  const amountMinor = BigInt(mail.details.amountMinor ?? 0)
  const amount = formatMoney(amountMinor, order.currency, mail.locale)
  const paragraphs = [
    words.hello(greetingName(oneLine(order.customerName))),
    words.cancellationBody(oneLine(order.eventTitle)),
    amountMinor > 0n ? `${words.cancellationMoney(amount)} ${words.bankDays}` : null,
    words.order(displayCode(order.orderCode)),
  ]
  return { subject: words.cancellationSubject(order.eventTitle), text: writeText(paragraphs, order), attachments: [] }
}

/** What, when and where, a line each. */
function describeEvent(order: AdmissionRow): string {
  return [oneLine(order.eventTitle), ...describeDate(order), describePlace(order)].join('\n')
}

function orderUrl(order: AdmissionRow, baseUrl: string): string {
  return `${shopUrl(baseUrl, order.subdomain)}/orders/${order.publicId}`
}

function countByTitle(titles: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const title of titles) counts.set(oneLine(title), (counts.get(oneLine(title)) ?? 0) + 1)
  return counts
}
