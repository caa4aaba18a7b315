import { orderStatus } from '../../orders/order.ts'
import type { OrderRow } from '../../orders/queries.ts'
import { displayCode } from '../../platform/codes.ts'
import { formatDay, formatMoney, formatTime } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { OrderView } from '../order-view.ts'
import { orderLink, type Visit } from '../visit.ts'
import { eventLine } from './event-line.ts'
import { type Problems, steps } from './fields.ts'
import type { Page } from './layout.ts'
import { summaryTable } from './summary.ts'
import { ticketSection } from './ticket-section.ts'

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

function doneNotice({ words }: Visit, { done, refusal, mail, order }: OrderView): Content {
  if (refusal !== undefined) return html`<p class="notice" role="alert" tabindex="-1" data-focus>${refusal}</p>`
  if (done === undefined) return null
  if (done === 'names' || done === 'withdrawn')
    return html`<p class="notice good" role="status">${done === 'names' ? words.namesSaved : words.withdrawn}</p>`
  const look = html` <a href="/dev/mail">${words.readItHere}</a>`
  return (
    mail !== 'none' &&
    html`<p class="notice good" role="status">${words.onTheirWay(order.customerEmail)}${mail === 'shown' && look}</p>`
  )
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
