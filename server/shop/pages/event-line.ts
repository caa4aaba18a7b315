import { formatDay, formatTime, type Moment } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { Visit } from '../visit.ts'

/** The event and its date in a line, as an order names it. */
export function eventLine(
  { locale, words }: Visit,
  { checkout, starts }: { checkout: { eventTitle: string }; starts: Moment },
): Content {
  return html`<p class="event-line"><strong>${checkout.eventTitle}</strong><br>
<time datetime="${starts.at}">${formatDay(starts, locale)}, ${words.clock(formatTime(starts, locale))}</time></p>`
}
