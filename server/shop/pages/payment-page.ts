import { type Content, html } from '../../platform/html.ts'
import type { CheckoutView, PaymentView } from '../checkout-view.ts'
import { checkoutLink, type Visit } from '../visit.ts'
import { eventLine } from './event-line.ts'
import { describedBy, type Problems, problemBeside, problemSummary, steps } from './fields.ts'
import { holdNotice } from './hold-notice.ts'
import type { Page } from './layout.ts'
import { summaryLines, summaryTable } from './summary.ts'

/**
 * The last look: way to pay and terms first, then the order with its total, and right below it the button that says that
 * it obliges to pay (§ 312j BGB); nothing stands between the two.
 */
export function paymentPage(visit: Visit, view: PaymentView, problems: Problems = {}): Page {
  const { words } = visit
  const { publicId } = view.checkout
  return {
    title: words.payAndOrder,
    isPrivate: true,
    isNarrow: true,
    content: html`${steps(words, 3)}
<h1>${words.payAndOrder}</h1>
${moneyBack(visit, view)}
${holdNotice(visit, view)}
<form method="post" action="${checkoutLink(visit, publicId, '/pay')}" target="_top" class="panel pay" data-once>
${problemSummary(problems, words)}
${buyer(visit, view)}
${waysToPay(visit, view, problems)}
${legalNotes(visit)}
<section class="last-look" aria-labelledby="order"><h2 id="order">${words.yourOrder}</h2>
${eventLine(visit, view)}
${summaryTable(visit, summaryLines(view.items))}
${view.providerNames.length > 0 && html`<button class="primary" type="submit">${buttonText(visit, view)}</button>`}</section>
</form>
${promoCode(visit, view)}
<form method="post" action="${checkoutLink(visit, publicId, '/cancellation')}" class="give-up"><button class="plain" type="submit">${words.giveUp}</button></form>`,
  }
}

/** A code may be used up by others before this order is paid: then it goes on without. */
function promoCode(visit: Visit, { checkout }: PaymentView): Content {
  const { words } = visit
  if (checkout.promoCode === null) return null
  return html`<form method="post" action="${checkoutLink(visit, checkout.publicId, '/promo-code')}" class="give-up">
<p>${words.discountBy(checkout.promoCode)} <button class="plain" type="submit">${words.withoutPromoCode}</button></p></form>`
}

function buttonText({ words }: Visit, { checkout }: PaymentView): string {
  return checkout.totalMinor > 0n ? words.orderWithObligation : words.orderForFree
}

function moneyBack({ words }: Visit, { returned }: PaymentView): Content {
  if (returned === undefined) return null
  return html`<div class="problems" role="alert"><h2>${words.moneyBack}</h2>
<p>${returned === 'places' ? words.moneyBackPlaces : words.moneyBackOther}</p><p>${words.moneyBackAgain}</p></div>`
}

function buyer(visit: Visit, { checkout }: PaymentView): Content {
  const { words } = visit
  return html`<section aria-labelledby="details"><h2 id="details">${words.yourDetails}</h2>
<p>${checkout.buyer?.name}${checkout.buyer?.company && html`, ${checkout.buyer.company}`}<br>${checkout.buyer?.email}</p>
<p><a href="${checkoutLink(visit, checkout.publicId, '/details')}">${words.change}</a></p></section>`
}

function waysToPay(visit: Visit, { providerNames }: PaymentView, problems: Problems): Content {
  const { words } = visit
  if (providerNames.length === 0) return html`<p class="notice">${words.nobodyToPay}</p>`
  const names: Record<string, string> = { stripe: words.payByStripe, test: words.payByTest, free: words.payForFree }
  const choices = providerNames.map(
    (
      name,
      index,
    ) => html`<div class="check"><input type="radio" id="provider-${name}" name="provider" value="${name}"${index === 0 && html` checked`}>
<label for="provider-${name}">${names[name] ?? name}</label></div>`,
  )
  return html`<fieldset id="field-provider" tabindex="-1"${describedBy('provider', problems)}><legend><h2>${words.howToPay}</h2></legend>
${problemBeside('provider', problems)}${choices}
${providerNames.includes('test') && testOutcome(visit)}</fieldset>`
}

function testOutcome({ words }: Visit): Content {
  const outcomes = [
    ['succeed', words.testSucceed],
    ['decline', words.testDecline],
    ['pend', words.testPend],
  ]
  return html`<div class="field"><label for="outcome">${words.testOutcome}</label>
<select id="outcome" name="outcome">${outcomes.map(([value, name]) => html`<option value="${value}">${name}</option>`)}</select></div>`
}

function legalNotes({ settings, words }: Visit): Content {
  const { termsUrl, privacyUrl } = settings
  const notes = [
    termsUrl !== null &&
      html`<li>${words.termsNote} <a href="${termsUrl}" target="_blank" rel="noopener">${words.terms}</a></li>`,
    privacyUrl !== null &&
      html`<li>${words.privacyNote} <a href="${privacyUrl}" target="_blank" rel="noopener">${words.privacy}</a></li>`,
  ]
  return (termsUrl !== null || privacyUrl !== null) && html`<ul class="legal">${notes}</ul>`
}

/** Shown for a moment before the provider's own page. */
export function leavingPage({ words }: Visit, address: string): Page {
  return {
    title: words.toPaymentPageNow,
    isPrivate: true,
    isNarrow: true,
    // A redirect of the form itself would have to name every address that a provider may have.
    head: html`<meta http-equiv="refresh" content="0; url=${address}">`,
    content: html`<h1>${words.toPaymentPage}</h1><p><a class="primary" href="${address}">${words.toPaymentPageNow}</a></p>`,
  }
}

/** The money is on its way; the page asks again by itself. */
export function waitingPage(visit: Visit, view: CheckoutView): Page {
  const { words } = visit
  const again = checkoutLink(visit, view.checkout.publicId, '/return')
  return {
    title: words.waitingTitle,
    isPrivate: true,
    isNarrow: true,
    refresh: { seconds: 10, address: again },
    content: html`${steps(words, 3)}<h1>${words.waitingTitle}</h1>
<div class="panel" data-await="${again}"><p>${words.waitingText}</p>${eventLine(visit, view)}
${summaryTable(visit, summaryLines(view.items))}
<p><a class="primary" href="${again}">${words.lookAgain}</a></p></div>`,
  }
}
