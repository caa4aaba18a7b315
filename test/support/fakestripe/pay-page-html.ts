import type Stripe from 'stripe'
import { written } from './amounts.ts'
import type { SessionRecord } from './bank.ts'

/** The form: what is bought, a card's number, a button that pays and one that leads back. */
export function payPage({ session, lineItems }: SessionRecord, problem?: string): string {
  const total = amountOf(session)
  const email = session.customer_email ?? ''
  const lines = lineItems.map(
    (item) =>
      `<li>${item.quantity} × ${escaped(item.description ?? '')}: ${written(item.amount_total, item.currency)}</li>`,
  )
  return whole(
    `Pay ${total}`,
    `<ul>${lines.join('')}</ul>
    ${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
    <form method="post" action="/c/pay/${session.id}">
      ${field('Email', 'email', 'type="email" autocomplete="email"', email)}
      ${field('Card number', 'card_number', 'inputmode="text" autocomplete="cc-number"')}
      ${field('Name on card', 'name', 'autocomplete="cc-name"')}
      <button name="action" value="pay">Pay ${total}</button>
      ${session.cancel_url ? '<button name="action" value="cancel">Cancel</button>' : ''}
    </form>`,
  )
}

/** The buyer's bank asks whether this payment is meant. */
export function authenticatePage({ session }: SessionRecord): string {
  return whole(
    'Confirm the payment',
    `<p>Your bank asks you to confirm a payment of ${amountOf(session)}.</p>
    <form method="post" action="/c/pay/${session.id}/authenticate">
      <button name="action" value="complete">Complete</button>
      <button name="action" value="fail">Fail</button>
    </form>`,
  )
}

/** The session is paid or has ended. */
export function closedPage(session: Stripe.Checkout.Session): string {
  if (session.status === 'complete') return whole('Already paid', '<p>This checkout has been completed.</p>')
  return whole('This page has expired', '<p>The time to pay has run out, or the shop has ended this checkout.</p>')
}

function amountOf(session: Stripe.Checkout.Session): string {
  return written(session.amount_total ?? 0, session.currency ?? '')
}

function field(label: string, name: string, attributes: string, value = ''): string {
  return `<p><label>${label} <input name="${name}" value="${escaped(value)}" ${attributes}></label></p>`
}

function whole(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
  <body><main><h1>${title}</h1>
    ${content}
  </main></body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
