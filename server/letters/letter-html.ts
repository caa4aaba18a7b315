import type { Locale } from '../platform/formats.ts'
import { type Html, html } from '../platform/html.ts'

/**
 * The same words as HTML, for mail programs that prefer it. Only addresses in the shop itself become links: what a
 * stranger typed as a name or title stays text.
 */
export function writeHtml(text: string, locale: Locale, shopUrl: string): Html {
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"></head>
<body>
${writeBody(text, shopUrl)}</body></html>
`
}

/** What stands between the body's tags. */
function writeBody(text: string, shopUrl: string): Html {
  const paragraphs = text.trim().split(/\n{2,}/)
  return html`${paragraphs.map((paragraph) => html`<p>${paragraph.split('\n').map(lineOf(shopUrl))}</p>\n`)}`
}

/** A line that is nothing but an address of the shop is a link to it. */
const lineOf = (shopUrl: string) => (line: string, index: number) => {
  const isLink = line.startsWith(`${shopUrl}/`) && !/\s/.test(line)
  return html`${index > 0 && html`<br>\n`}${isLink ? html`<a href="${line}">${line}</a>` : line}`
}
