import type { InvoiceRow } from '../../orders/invoices/queries.ts'
import { orderStatus } from '../../orders/order.ts'
import type { LineRow, OrderRow, TicketRow } from '../../orders/queries.ts'
import { displayCode } from '../../platform/codes.ts'
import { orderLink, type Visit } from '../visit.ts'
import { eventLine } from './event-line.ts'
import { describedBy, type Problems, problemBeside, problemSummary, steps } from './fields.ts'
import { formatDay, formatMoney, formatTime, type Moment } from './formats.ts'
import { type Content, html } from './html.ts'
import type { Page } from './layout.ts'
import { summaryTable } from './summary.ts'

export interface OrderView {
  order: OrderRow
  lines: LineRow[]
  tickets: TicketRow[]
  invoices: Pick<InvoiceRow, 'number' | 'kind'>[]
  eventTitle: string
  starts: Moment
  /** The buyer's consent to marketing stands. */
  consentStands: boolean
  /** What was just done, if anything. */
  done: 'paid' | 'names' | 'withdrawn' | undefined
}

/** A paid order as its buyer sees it. `typed` are names as typed into a form that was refused, by ticket. */
export function orderPage(
  visit: Visit,
  view: OrderView,
  typed: Record<string, string> = {},
  problems: Problems = {},
): Page {
  const { words, account } = visit
  const { order } = view
  const paid = { at: order.paidAt, timeZone: account.timeZone }
  const title = words.orderNumber(displayCode(order.orderCode))
  return {
    title,
    isPrivate: true,
    isNarrow: true,
    content: html`${view.done === 'paid' && steps(words, 4)}
<h1>${view.done === 'paid' ? words.thankYou : title}</h1>
${doneNotice(visit, view)}
<section class="panel quiet" aria-labelledby="order"><h2 id="order">${title}</h2>
<p>${orderStatus(order) !== 'paid' && html`<span class="badge">${statusWord(visit, order)}</span> `}${words.paidOn(formatDay(paid, visit.locale), formatTime(paid, visit.locale))}</p>
${eventLine(visit, { checkout: view, starts: view.starts })}
${summaryTable(
  visit,
  view.lines.map((line) => ({ ...line, title: line.name })),
)}
${order.refundedMinor > 0n && html`<p>${words.refunded}: ${formatMoney(order.refundedMinor, account.currency, visit.locale)}</p>`}
<p class="hint">${words.keepLink}</p></section>
${ticketSection(visit, view, typed, problems)}
${invoiceSection(visit, view)}
${marketingSection(visit, view)}`,
  }
}

function doneNotice({ words }: Visit, { done }: OrderView): Content {
  const text = { paid: undefined, names: words.namesSaved, withdrawn: words.withdrawn, none: undefined }[done ?? 'none']
  return text !== undefined && html`<p class="notice good" role="status">${text}</p>`
}

function statusWord({ words }: Visit, order: OrderRow): string {
  if (order.cancelled) return words.statusCancelled
  return {
    paid: words.statusPaid,
    refund_pending: words.statusRefundPending,
    partially_refunded: words.statusPartlyRefunded,
    refunded: words.statusRefunded,
  }[orderStatus(order)]
}

function ticketSection(visit: Visit, view: OrderView, typed: Record<string, string>, problems: Problems): Content {
  const { words } = visit
  const canBeNamed = view.tickets.some(isOpen)
  const list = html`<ol class="tickets">${view.tickets.map((ticket, index) => ticketItem(visit, ticket, index + 1, typed, problems))}</ol>`
  return html`<section class="panel" aria-labelledby="tickets"><h2 id="tickets">${words.yourTickets}</h2>
${
  canBeNamed
    ? html`<form method="post" action="${orderLink(visit, view.order.publicId, '/attendees')}" data-once novalidate>${problemSummary(problems, words)}${list}
<button class="secondary" type="submit">${words.saveNames}</button></form>`
    : list
}</section>`
}

function isOpen(ticket: TicketRow): boolean {
  return ticket.cancelledAt === null && ticket.redeemedAt === null
}

function ticketItem(
  visit: Visit,
  ticket: TicketRow,
  number: number,
  typed: Record<string, string>,
  problems: Problems,
): Content {
  const { words, account, locale } = visit
  const used = ticket.redeemedAt !== null && { at: ticket.redeemedAt, timeZone: account.timeZone }
  return html`<li class="ticket"><h3>${words.ticketNumber(number, ticket.ticketTitle)}</h3>
<p>${words.checkInCode}: <code>${displayCode(ticket.checkInCode)}</code></p>
${ticket.cancelledAt !== null && html`<p><span class="badge quiet">${words.ticketCancelled}</span></p>`}
${used && html`<p>${words.ticketUsed(formatDay(used, locale), formatTime(used, locale))}</p>`}
${isOpen(ticket) ? nameField(visit, ticket, typed, problems) : ticket.attendeeName}</li>`
}

function nameField({ words }: Visit, ticket: TicketRow, typed: Record<string, string>, problems: Problems): Content {
  const field = `attendee_${ticket.publicId}`
  const value = typed[ticket.publicId] ?? ticket.attendeeName ?? ''
  return html`<div class="field"><label for="field-${field}">${words.attendee} <span class="optional">(${words.optional})</span></label>
${problemBeside(field, problems)}
<input id="field-${field}" name="${field}" type="text" maxlength="255" autocomplete="off" value="${value}"${describedBy(field, problems)}></div>`
}

function invoiceSection(visit: Visit, { order, invoices }: OrderView): Content {
  const { words } = visit
  if (invoices.length === 0) return null
  const links = invoices.map(({ number, kind }) => {
    const name = kind === 'invoice' ? words.invoice(number) : words.cancellationInvoice(number)
    return html`<li><a href="/orders/${order.publicId}/invoices/${number}.pdf">${name} (PDF)</a></li>`
  })
  return html`<section class="panel" aria-labelledby="invoices"><h2 id="invoices">${words.invoices}</h2><ul class="links">${links}</ul></section>`
}

function marketingSection(visit: Visit, { order, consentStands }: OrderView): Content {
  const { words } = visit
  if (!consentStands) return null
  return html`<section class="panel" aria-labelledby="marketing"><h2 id="marketing">${words.marketing}</h2>
<p>${words.marketingStands}</p>
<form method="post" action="${orderLink(visit, order.publicId, '/consent-withdrawal')}"><button class="secondary" type="submit">${words.withdraw}</button></form></section>`
}
