import { type Content, html } from '../../platform/html.ts'
import type { CheckoutView } from '../checkout-view.ts'
import { checkoutLink, type Visit } from '../visit.ts'
import { eventLine } from './event-line.ts'
import { describedBy, type Problems, problemBeside, problemSummary, steps, textField } from './fields.ts'
import { holdNotice } from './hold-notice.ts'
import type { Page } from './layout.ts'
import { summaryLines, summaryTable } from './summary.ts'

/** What the buyer typed, as typed. */
export interface TypedDetails {
  email: string
  name: string
  company: string
  marketing: boolean
}

export const detailLimits = { email: 320, name: 255, company: 255 }

/** Who the buyer is. `consentText` is the wording that a ticked box stands for, and the form sends it back. */
export function detailsPage(
  visit: Visit,
  view: CheckoutView,
  typed: TypedDetails,
  consentText: string,
  problems: Problems = {},
): Page {
  const { words } = visit
  const { publicId } = view.checkout
  return {
    title: words.yourDetails,
    isPrivate: true,
    content: html`${steps(words, 2)}
<h1>${words.yourDetails}</h1>
${holdNotice(visit, view)}
<div class="split">
<form method="post" action="${checkoutLink(visit, publicId, '/details')}" target="_top" class="panel" novalidate data-once>
${problemSummary(problems, words, { email: words.email, name: words.name, company: words.company })}
${fields(visit, typed, problems)}
${consentBox(typed, consentText, problems)}
<button class="primary" type="submit">${words.continue}</button>
</form>
<section class="panel quiet" aria-labelledby="order"><h2 id="order">${words.yourOrder}</h2>
${eventLine(visit, view)}${summaryTable(visit, summaryLines(view.items))}
<form method="post" action="${checkoutLink(visit, publicId, '/cancellation')}"><button class="plain" type="submit">${words.giveUp}</button></form>
</section>
</div>`,
  }
}

function fields({ words }: Visit, typed: TypedDetails, problems: Problems): Content {
  const { email, name, company } = detailLimits
  return [
    textField(
      {
        name: 'email',
        label: words.email,
        value: typed.email,
        type: 'email',
        autocomplete: 'email',
        maxLength: email,
        hint: words.emailHint,
      },
      problems,
    ),
    textField({ name: 'name', label: words.name, value: typed.name, autocomplete: 'name', maxLength: name }, problems),
    textField(
      {
        name: 'company',
        label: words.company,
        value: typed.company,
        autocomplete: 'organization',
        maxLength: company,
        optional: words.optional,
      },
      problems,
    ),
  ]
}

function consentBox({ marketing }: TypedDetails, consentText: string, problems: Problems): Content {
  return html`<div class="field check"><input id="field-marketing" name="marketing" type="checkbox" value="1"${marketing && html` checked`}${describedBy('marketing', problems)}>
<label for="field-marketing">${consentText}</label>${problemBeside('marketing', problems)}
<input type="hidden" name="consent_text" value="${consentText}"></div>`
}
