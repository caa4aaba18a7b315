import type { TicketRow } from '../../orders/queries.ts'
import { displayCode } from '../../platform/codes.ts'
import { formatDay, formatTime } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { OrderView } from '../order-view.ts'
import { orderLink, type Visit } from '../visit.ts'
import { describedBy, type Problems, problemBeside, problemSummary } from './fields.ts'

/** The tickets, to be saved, sent again and named. `typed` are names that were refused. */
export function ticketSection(
  visit: Visit,
  view: OrderView,
  typed: Record<string, string>,
  problems: Problems,
): Content {
  const { words } = visit
  const canBeNamed = view.tickets.some(isOpen)
  const list = html`<ol class="tickets">${view.tickets.map((ticket, index) => ticketItem(visit, ticket, index + 1, typed, problems))}</ol>`
  return html`<section class="panel" aria-labelledby="tickets"><h2 id="tickets">${words.yourTickets}</h2>
${view.tickets.some(({ cancelledAt }) => cancelledAt === null) && waysToTickets(visit, view)}
${
  canBeNamed
    ? html`<form method="post" action="${orderLink(visit, view.order.publicId, '/attendees')}" data-once novalidate>${problemSummary(problems, words)}${list}
<button class="secondary" type="submit">${words.saveNames}</button></form>`
    : list
}</section>`
}

function waysToTickets(visit: Visit, { order, mail }: OrderView): Content {
  const { words } = visit
  const again = html`<form method="post" action="${orderLink(visit, order.publicId, '/tickets-mail')}" data-once>
<button class="plain" type="submit">${words.sendAgain}</button></form>`
  return html`<ul class="links">
<li><a href="/orders/${order.publicId}/tickets.pdf">${words.saveTickets} (PDF)</a></li>
<li><a href="/orders/${order.publicId}/event.ics">${words.saveDate}</a></li>
</ul>${mail !== 'none' && again}`
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
