import { type Content, html } from '../../platform/html.ts'
import { link, type Visit } from '../visit.ts'
import { detailLimits } from './details-page.ts'
import { type Problems, problemSummary, textField } from './fields.ts'
import type { Page } from './layout.ts'

interface LostTickets {
  typed?: string
  problems?: Problems
  /** The links were asked for; `shown`: mails can be read here. */
  asked?: 'sent' | 'shown' | undefined
}

/** Asks for the address that somebody ordered with. */
export function lostTicketsPage(visit: Visit, { typed = '', problems = {}, asked }: LostTickets): Page {
  const { words } = visit
  const field = {
    name: 'email',
    label: words.email,
    value: typed,
    type: 'email',
    autocomplete: 'email',
    maxLength: detailLimits.email,
  } as const
  return {
    title: words.lostTickets,
    isNarrow: true,
    content: html`<h1>${words.lostTickets}</h1>
${asked !== undefined && askedNotice(visit, asked)}
<form method="post" action="${link(visit, '/lost-tickets')}" class="panel" novalidate data-once>
${problemSummary(problems, words)}
<p>${words.lostTicketsText}</p>
${textField(field, problems)}
<button class="primary" type="submit">${words.sendLinks}</button></form>`,
  }
}

function askedNotice({ words }: Visit, asked: 'sent' | 'shown'): Content {
  const look = html` <a href="/dev/mail">${words.readItHere}</a>`
  return html`<p class="notice good" role="status">${words.linksAsked}${asked === 'shown' && look}</p>`
}
