import type { EventRow } from '../../events/queries.ts'
import { formatDay, formatTime, formatZone } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { EventView } from '../event-view.ts'
import { link, type Visit } from '../visit.ts'
import type { Problems } from './fields.ts'
import { jsonLd, type Page } from './layout.ts'
import { plainText, richText } from './rich-text.ts'
import { searchEntry } from './search-entry.ts'
import { type Chosen, ticketForm } from './ticket-form.ts'

/** One event: when, where, what it is, and its tickets. `chosen` and `problems` are of a form that was refused. */
export function eventPage(
  visit: Visit,
  view: EventView,
  chosen: Chosen = { quantities: {} },
  problems: Problems = {},
): Page {
  const { words } = visit
  const { feed, event } = view
  const summary = plainText(feed.description ?? '', 160)
  return {
    title: feed.title,
    head: html`<link rel="canonical" href="${visit.shopUrl}/events/${feed.slug}">
${summary !== '' && html`<meta name="description" content="${summary}">`}
<meta property="og:title" content="${feed.title}"><meta property="og:type" content="website">
${jsonLd(searchEntry(visit, view))}`,
    content: html`<p class="back"><a href="${link(visit, '/events')}">${words.allEvents}</a></p>
<h1>${feed.title}</h1>
<div class="split event">
<div class="event-facts">${facts(visit, view)}</div>
<section class="panel" aria-labelledby="tickets"><h2 id="tickets">${words.tickets}</h2>${ticketForm(visit, view, chosen, problems)}</section>
<div class="event-text">
${feed.description !== null && section('about', words.about, richText(feed.description))}
${event.attendeeNote !== null && section('note', words.goodToKnow, richText(event.attendeeNote))}
${questions(visit, event)}
</div>
</div>`,
  }
}

function facts({ locale, words }: Visit, { feed, event }: EventView): Content {
  const moment = (at: string) => ({ at, timeZone: feed.timeZone })
  const start = moment(feed.startsAt)
  const end = moment(feed.endsAt)
  const endDay = formatDay(end, locale) === formatDay(start, locale) ? null : `${formatDay(end, locale)}, `
  return html`<dl class="facts">
<div><dt>${words.when}</dt><dd><time datetime="${feed.startsAt}">${formatDay(start, locale)}, ${words.clock(formatTime(start, locale))}</time>
${event.showEndTime && html` <span>${words.until(`${endDay ?? ''}${formatTime(end, locale)}`)}</span>`}
${event.doorsOpenAt !== null && html`<br>${words.doors(formatTime(moment(event.doorsOpenAt), locale))}`}
<br><small>${words.timesIn(formatZone(start, locale))}</small></dd></div>
<div><dt>${words.where}</dt><dd>${feed.venueName}<br>${feed.venueAddress}<br>${feed.venuePostalCode} ${feed.venueCity}</dd></div>
${feed.minimumAge !== null && feed.minimumAge > 0 && html`<div><dt>${words.age}</dt><dd>${words.minimumAge(feed.minimumAge)}</dd></div>`}
</dl>`
}

function section(id: string, title: string, content: Content): Content {
  return html`<section class="prose" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`
}

function questions({ words }: Visit, { faq }: EventRow): Content {
  if (faq.length === 0) return null
  const entries = faq.map(
    ({ question, answer }) => html`<details><summary>${question}</summary><div>${richText(answer)}</div></details>`,
  )
  return html`<section class="prose faq" aria-labelledby="faq"><h2 id="faq">${words.questions}</h2>${entries}</section>`
}
