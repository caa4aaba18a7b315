import { html } from 'ghtml'
import type { Locale } from '../platform/formats.ts'

/**
 * The same words as HTML, for mail programs that prefer it. Only addresses in the shop itself become links: what a
 * stranger typed as a name or title stays text.
 */
export function writeHtml(text: string, locale: Locale, shopUrl: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => html`<p>!${paragraph.split('\n').map(linked(shopUrl)).join('<br>\n')}</p>`)
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"></head>
<body>
!${paragraphs.join('\n')}
</body></html>
`
}

/** A line that is nothing but an address of the shop is a link to it. */
const linked = (shopUrl: string) => (line: string) => {
  const isLink = line.startsWith(`${shopUrl}/`) && !/\s/.test(line)
  return isLink ? html`<a href="${line}">${line}</a>` : html`${line}`
}
