import { formatDay, formatMoney, formatTime } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { TicketTypeRow } from '../../ticketing/queries.ts'
import type { EventView } from '../event-view.ts'
import { link, type Visit } from '../visit.ts'
import { describedBy, type Problems, problemBeside, problemSummary, textField } from './fields.ts'

/** What was typed as the quantity, by ticket type. */
export interface Chosen {
  quantities: Record<string, string>
  promoCode?: string
}

/** So few left that a buyer should know; how many it is stays the organiser's. */
const few = 10

/** How many of each ticket type; or why there are none to choose. */
export function ticketForm(visit: Visit, { feed, types, now }: EventView, chosen: Chosen, problems: Problems): Content {
  const typedCode = chosen.promoCode ?? visit.carried.promo ?? ''
  const { words, locale } = visit
  if (feed.salesStartsAt !== null && now < feed.salesStartsAt) {
    const start = { at: feed.salesStartsAt, timeZone: feed.timeZone }
    return notice(visit, words.salesStart(formatDay(start, locale), formatTime(start, locale)), types)
  }
  if (now >= feed.salesEndsAt) return notice(visit, words.salesOver, types)
  if (types.length === 0) return notice(visit, words.noTickets, types)
  if (feed.soldOut && Object.keys(problems).length === 0) return notice(visit, words.allSoldOut, types)
  return html`<form method="post" action="${link(visit, '/checkouts')}" class="ticket-form" novalidate>
${problemSummary(problems, words)}
<input type="hidden" name="event_slug" value="${feed.slug}">
<fieldset id="field-items" tabindex="-1"${describedBy('items', problems)}><legend class="hidden">${words.chooseTickets}</legend>
${problemBeside('items', problems)}
<ul class="types">${types.map((type) => ticketType(visit, type, chosen.quantities[type.id], isOnly(types)))}</ul></fieldset>
${promoField(visit, typedCode, problems)}
<button class="primary" type="submit">${words.continue}</button>
</form>`
}

function promoField({ words }: Visit, value: string, problems: Problems): Content {
  const field = { name: 'promo_code', label: words.promoCode, value, autocomplete: 'off', maxLength: 100 }
  return textField({ ...field, optional: words.optional }, problems)
}

function notice(visit: Visit, text: string, types: TicketTypeRow[]): Content {
  return html`<p class="notice">${text}</p><ul class="types">${types.map((type) => html`<li>${typeText(visit, type)}</li>`)}</ul>`
}

function isOnly(types: TicketTypeRow[]): boolean {
  return types.length === 1
}

function ticketType(visit: Visit, type: TicketTypeRow, typed: string | undefined, isOnlyType: boolean): Content {
  if (type.left !== null && type.left <= 0) return html`<li class="gone">${typeText(visit, type)}</li>`
  const value = typed ?? (isOnlyType ? '1' : '0')
  return html`<li>${typeText(visit, type)}${quantityField(visit, type, value)}</li>`
}

function typeText({ account, locale, words }: Visit, type: TicketTypeRow): Content {
  const isFew = type.left !== null && type.left > 0 && type.left <= few
  const price = type.priceMinor === 0n ? words.free : formatMoney(type.priceMinor, account.currency, locale)
  return html`<div><strong id="type-${type.id}">${type.title}</strong>
<span class="price">${price}${type.priceMinor > 0n && html` <small>${words.each}</small>`}</span>
${isFew && html`<span class="badge">${words.fewLeft}</span>`}
${type.left !== null && type.left <= 0 && html`<span class="badge quiet">${words.soldOut}</span>`}</div>`
}

/** Few choices are picked from a list, as a phone likes it; many are typed. */
function quantityField({ words }: Visit, { id, title, maxPerOrder }: TicketTypeRow, value: string): Content {
  const name = `quantity_${id}`
  const label = words.quantityOf(title)
  if (maxPerOrder > 20) {
    return html`<input class="quantity" aria-label="${label}" type="number" inputmode="numeric" name="${name}" min="0" max="${maxPerOrder}" value="${value}">`
  }
  const choices = Array.from({ length: maxPerOrder + 1 }, (_, count) => String(count))
  const options = choices.map((count) => html`<option${count === value && html` selected`}>${count}</option>`)
  return html`<select class="quantity" aria-label="${label}" name="${name}">${options}</select>`
}
