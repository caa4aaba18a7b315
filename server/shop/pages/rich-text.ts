import sanitize from 'sanitize-html'
import { Html, html, shown } from '../../platform/html.ts'

const allowed: sanitize.IOptions = {
  allowedTags: ['p', 'br', 'b', 'strong', 'i', 'em', 'u', 's', 'ul', 'ol', 'li', 'blockquote', 'a', 'h3', 'h4', 'hr'],
  allowedAttributes: { a: ['href', 'rel'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  transformTags: {
    a: sanitize.simpleTransform('a', { rel: 'nofollow noopener' }),
    h1: 'h3',
    h2: 'h3',
  },
  nestingLimit: 20,
}
const looksLikeMarkup = /<\/?(p|br|b|strong|i|em|u|s|ul|ol|li|blockquote|a|h[1-4]|div|span)\b[^>]*>/i

/**
 * An organiser's text as part of a page. Plain text becomes paragraphs, with its line breaks; markup keeps what is on a
 * short list (paragraphs, lists, emphasis, small headings, links) and loses everything else.
 */
export function richText(text: string): Html {
  if (looksLikeMarkup.test(text)) return new Html(sanitize(shown(text), allowed))
  const paragraphs = text.split(/\r?\n\s*\r?\n/).filter((paragraph) => paragraph.trim())
  return html`${paragraphs.map((paragraph) => html`<p>${withLineBreaks(paragraph.trim())}</p>`)}`
}

/** The text alone, on one line, of at most `length` characters: for search engines and previews. */
export function plainText(text: string, length: number): string {
  const bare = looksLikeMarkup.test(text) ? sanitize(text.replaceAll('<', ' <'), { allowedTags: [] }) : text
  const line = unescaped(bare).replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line
}

function withLineBreaks(text: string): Html {
  return html`${text.split(/\r?\n/).map((line, index) => (index === 0 ? line : html`<br>${line}`))}`
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
