import { html as escaped } from 'ghtml'

/** A piece of a page: text that is markup already. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Html | string | number | null | undefined | false | Content[]

/**
 * Writes a piece of a page. Everything that is put in is escaped, but for what is `Html` itself: a forgotten mark shows
 * markup as text, and never runs it. null, undefined and false leave nothing.
 */
export function html(literals: TemplateStringsArray, ...values: Content[]): Html {
  let text = literals[0] ?? ''
  for (const [index, value] of values.entries()) text += markup(value) + (literals[index + 1] ?? '')
  return new Html(text)
}

function markup(value: Content): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(markup).join('')
  if (value === null || value === undefined || value === false) return ''
  return escaped`${shown(String(value))}`
}

/** The text as people may see it: control characters have no look, and marks that turn text around can make it lie. */
export function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
