import { formatDay, formatLeaf, formatMoney, formatTime } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { FeedEventRow } from '../queries.ts'
import { link, type Visit } from '../visit.ts'
import type { Page } from './layout.ts'

/** All that is on, soonest first. */
export function eventListPage(visit: Visit, events: FeedEventRow[]): Page {
  const { words, settings } = visit
  const list = html`<ul class="cards">${events.map((event) => card(visit, event))}</ul>`
  return {
    title: words.events,
    head: html`<link rel="canonical" href="${visit.shopUrl}/events">
<meta name="description" content="${`${words.events}: ${settings.name}`}">`,
    content: html`<h1>${words.events}</h1>${events.length === 0 ? html`<p class="empty">${words.noEvents}</p>` : list}`,
  }
}

function card(visit: Visit, event: FeedEventRow): Content {
  const { locale, words } = visit
  const start = { at: event.startsAt, timeZone: event.timeZone }
  const leaf = formatLeaf(start, locale)
  return html`<li class="card">
<div class="leaf" aria-hidden="true"><span>${leaf.day}</span>${leaf.month}</div>
<div class="card-text"><h2><a href="${link(visit, `/events/${event.slug}`)}">${event.title}</a></h2>
<p><time datetime="${event.startsAt}">${formatDay(start, locale)}, ${words.clock(formatTime(start, locale))}</time></p>
<p>${event.venueName}, ${event.venueCity}</p></div>
<p class="card-price">${priceOf(visit, event)}</p>
</li>`
}

function priceOf({ account, locale, words }: Visit, { soldOut, cheapestMinor }: FeedEventRow): Content {
  if (soldOut) return html`<span class="badge quiet">${words.soldOut}</span>`
  if (cheapestMinor === null) return null
  return cheapestMinor === 0n ? words.free : words.from(formatMoney(cheapestMinor, account.currency, locale))
}
