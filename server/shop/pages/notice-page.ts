import { html } from '../../platform/html.ts'
import { link, type Visit } from '../visit.ts'
import type { Words } from '../words/en.ts'
import type { Page } from './layout.ts'
import { richText } from './rich-text.ts'

/** What stands in the way, in words, and the way back. */
export function noticePage(visit: Visit, status: number, explanation?: string): Page {
  const { words } = visit
  const [title, text] = noticeOf(words, status)
  return {
    title,
    isPrivate: true,
    isNarrow: true,
    content: html`<h1>${title}</h1><p>${explanation ?? text}</p>
<p><a class="primary" href="${link(visit, '/events')}">${words.backToEvents}</a></p>`,
  }
}

function noticeOf(words: Words, status: number): [title: string, text: string] {
  switch (status) {
    case 403:
      return [words.forbiddenTitle, words.forbiddenText]
    case 404:
      return [words.notFoundTitle, words.notFoundText]
    case 409:
      return [words.conflictTitle, words.errorOther]
    case 410:
      return [words.goneTitle, words.goneText]
    case 429:
      return [words.tooManyTitle, words.tooManyText]
    case 503:
      return [words.awayTitle, words.errorProviderAway]
    default:
      return status < 500 ? [words.invalidTitle, words.errorOther] : [words.brokenTitle, words.brokenText]
  }
}

/** Who stands behind the shop, as the organiser wrote it. */
export function imprintPage(visit: Visit, imprint: string): Page {
  const { settings, words } = visit
  return {
    title: words.imprint,
    isNarrow: true,
    content: html`<h1>${words.imprint}</h1><div class="prose">${richText(imprint)}
${settings.vatId !== null && html`<p>${settings.vatId}</p>`}</div>`,
  }
}
