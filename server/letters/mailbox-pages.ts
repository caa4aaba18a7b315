import type { MailRow } from '../mails/queries.ts'
import { type Content, Html, html } from '../platform/html.ts'
import type { Addressed } from './post-office.ts'

/** The list of mails, the newest first. */
export function mailboxPage(mails: MailRow[]): string {
  const entries = mails.map(
    ({ publicId, kind, recipient, createdAt, locale, status, problem }) =>
      html`<li><a href="/dev/mail/${publicId}">${kind}</a> to ${recipient}<br>${createdAt}, ${locale}, ${status}${problem !== null && `: ${problem}`}</li>`,
  )
  return page(
    'Mails',
    html`<p>SMTP_URL is not set, so mails are kept here. The newest ${entries.length}:</p><ul>${entries}</ul>`,
  )
}

/** One mail: its head, its words, and the whole of it to save. */
export function mailPage(mail: MailRow, message: Addressed): string {
  const files = message.attachments.map(
    ({ filename }) => html`<a href="/dev/mail/${mail.publicId}/files/${filename}">${filename}</a> `,
  )
  return page(
    message.subject,
    html`<p><a href="/dev/mail">All mails</a></p>
<dl><dt>From</dt><dd>${message.from.name} &lt;${message.from.address}&gt;</dd>
<dt>To</dt><dd>${mail.recipient}</dd>
<dt>Subject</dt><dd>${message.subject}</dd>
<dt>Message-ID</dt><dd>${message.messageId}</dd>
<dt>Attached</dt><dd>${files.length > 0 ? files : '-'}</dd></dl>
${bodyOf(message.html)}
<p><a href="/dev/mail/${mail.publicId}/message">The whole message</a></p>`,
  )
}

function page(title: string, body: Content): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width"></head>
<body><h1>${title}</h1>
${body}
</body></html>
`.text
}

/** What our own letter has between its tags. */
function bodyOf(document: string): Html {
  return new Html(document.slice(document.indexOf('<body>') + 6, document.indexOf('</body>')))
}
