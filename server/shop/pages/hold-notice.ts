import { formatTime } from '../../platform/formats.ts'
import { type Content, html } from '../../platform/html.ts'
import type { CheckoutView } from '../checkout-view.ts'
import type { Visit } from '../visit.ts'

/** How long the places are kept. The script counts the minutes; without it the time stands there. */
export function holdNotice({ account, locale, words }: Visit, { checkout, isHeld, now }: CheckoutView): Content {
  if (!isHeld) return html`<p class="notice" role="status">${words.holdOver}</p>`
  const time = formatTime({ at: checkout.expiresAt, timeZone: account.timeZone }, locale)
  const seconds = Math.max(0, Math.floor((new Date(checkout.expiresAt).getTime() - now.getTime()) / 1000))
  return html`<p class="hold"><span>${words.heldUntil(time)}</span>
<span role="status" data-countdown="${seconds}" data-left="${words.minutesLeft('#')}" data-last="${words.lastMinute}" data-over="${words.holdOver}"></span></p>`
}
