import type { Refusal } from '../platform/refusal.ts'
import type { Words } from './words/en.ts'

type Rule = [message: RegExp, words: (words: Words, ...found: string[]) => string]

/** What the acts refuse with, and how the shop says it. */
const rules: Rule[] = [
  [/^Only (\d+) left of (.+)$/s, (words, left = '', title = '') => words.errorLeft(left, title)],
  [/^(.+) is sold out \(0 left\)$/s, (words, title = '') => words.errorSoldOut(title)],
  [/^There are not enough places left$/, (words) => words.errorNotEnough],
  [/^must be at most (\d+) of (.+)$/s, (words, most = '', title = '') => words.errorMost(most, title)],
  [/^(.+): at most (\d+) for each customer/s, (words, title = '', most = '') => words.errorMostForEach(title, most)],
  [/^is not on sale yet$/, (words) => words.errorNotYet],
  [/^(is no longer on sale|The event is no longer on sale)$/, (words) => words.errorOver],
  [/^must exist$/, (words) => words.errorGone],
  [/^is not included in the list$/, (words) => words.errorProvider],
  [/^The promo code|^(is used up|has expired|is not valid for this event)/, (words) => words.errorPromoCode],
  [/^The order has no valid tickets$/, (words) => words.errorNoTickets],
  [/declined/, (words) => words.errorDeclined],
]

/** The refusal's messages for a buyer, in the buyer's language; a message that has no words of its own says less. */
export function explain(refusal: Refusal, words: Words): string {
  if (refusal.status === 503) return words.errorProviderAway
  if (refusal.status === 429) return words.errorSentOften
  const messages = 'errors' in refusal.body ? Object.values(refusal.body.errors).flat() : []
  const parts = messages.flatMap((message) => message.split('; '))
  const said = parts.map((part) => explainOne(part, words)).filter((text) => text !== undefined)
  return said.length > 0 ? [...new Set(said)].join(' ') : words.errorOther
}

function explainOne(message: string, words: Words): string | undefined {
  for (const [pattern, say] of rules) {
    const match = pattern.exec(message)
    if (match) return say(words, ...match.slice(1))
  }
  return undefined
}
