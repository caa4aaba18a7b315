import { type Content, Html, html } from '../../platform/html.ts'
import { shopScript, shopStyle } from '../assets.ts'
import { link, type Visit } from '../visit.ts'

export interface Page {
  title: string
  content: Content
  /** Goes into the head: what search engines read. */
  head?: Content
  /** One column in the middle: what is read and filled in from top to bottom. */
  isNarrow?: boolean
  /** Search engines leave it out: what belongs to one buyer. */
  isPrivate?: boolean
  /** What is asked for next after a while, where no script does that. */
  refresh?: { seconds: number; address: string }
}

/** The whole document around a page's content: the organiser's name above, help and the legal links below. */
export function document(visit: Visit, page: Page): string {
  const { settings, locale, words } = visit
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title === settings.name ? page.title : `${page.title} – ${settings.name}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${shopStyle.path}">
<script src="${shopScript.path}" defer></script>
${page.isPrivate && html`<meta name="robots" content="noindex">`}
${
  page.refresh &&
  html`<noscript><meta http-equiv="refresh" content="${`${page.refresh.seconds}; url=${page.refresh.address}`}"></noscript>`
}
${page.head}
</head>
<body>
<a class="skip" href="#content">${words.skipToContent}</a>
<header class="top"><div class="wide">
<a class="organiser" href="${link(visit, '/events')}">${settings.name}</a>
<a class="language" href="${inOtherLanguage(visit)}" lang="${otherLocale(visit)}" hreflang="${otherLocale(visit)}">${words.otherLanguage}</a>
</div></header>
<main id="content" tabindex="-1" class="wide${page.isNarrow && html` narrow`}">
${page.content}
</main>
<footer class="bottom"><nav class="wide" aria-label="${words.legal}">${legalLinks(visit)}</nav></footer>
</body>
</html>
`.text
}

function legalLinks(visit: Visit): Content {
  const { settings, words } = visit
  const links: [address: string | null, name: string][] = [
    [link(visit, '/lost-tickets'), words.lostTickets],
    [settings.imprint === null ? null : link(visit, '/imprint'), words.imprint],
    [settings.termsUrl, words.terms],
    [settings.privacyUrl, words.privacy],
  ]
  return links.map(([address, name]) => address !== null && html`<a href="${address}"${outside(address)}>${name}</a>`)
}

/** Another site opens beside the shop: nobody loses an order by reading the terms. */
function outside(address: string): Content {
  return !address.startsWith('/') && html` target="_blank" rel="noopener"`
}

function otherLocale({ locale }: Visit): string {
  return locale === 'en' ? 'de' : 'en'
}

function inOtherLanguage(visit: Visit): string {
  const [path = '/', query] = visit.url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('lang', otherLocale(visit))
  return `${path}?${parameters}`
}

/** Data for search engines: no browser runs it, and nothing in it can end the element that it stands in. */
export function jsonLd(value: object): Html {
  return new Html(`<script type="application/ld+json">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`)
}
