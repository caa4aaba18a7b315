import { readFileSync, writeFileSync } from 'node:fs'
import { type CurlRequest, readCurl } from './curl.ts'

/** A curl command in a page, and the answer that the page shows below it. */
export interface Example {
  page: string
  /** Where the command stands, 1 for the first line. */
  line: number
  request: CurlRequest
  status: number
  headers: Record<string, string>
  /** The shown JSON, or undefined where none is shown. */
  answer: string | undefined
}

export const pageNames = [
  'authentication',
  'customers',
  'orders',
  'invoices',
  'events',
  'tickets',
  'promo-codes',
  'venues',
  'shop',
  'settings',
  'lists',
  'errors',
  'openapi',
]

const fileOf = (page: string) => new URL(`../../docs/api/${page}.md`, import.meta.url)
const example = /```sh\n(curl [\s\S]*?)\n```\n\n((?:`[^`\n]+`(?:, )?)+)\n(?:\n```json\n([\s\S]*?)\n```\n)?/g

export function readPage(page: string): string {
  return readFileSync(fileOf(page), 'utf8')
}

/** The examples of a page in their order. Throws for a curl command without an answer below it. */
export function readExamples(page: string): Example[] {
  const text = readPage(page)
  const found = [...text.matchAll(example)].map((match) => {
    const [, command = '', answered = '', answer] = match
    const [status = '', ...fields] = [...answered.matchAll(/`([^`]+)`/g)].map(([, part = '']) => part)
    const headers = fields.map((field): [string, string] => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 1).trim(),
    ])
    const line = text.slice(0, match.index).split('\n').length + 1
    return {
      page,
      line,
      request: readCurl(command),
      status: Number(status),
      headers: Object.fromEntries(headers),
      answer,
    }
  })
  const commands = text.match(/^curl /gm)?.length ?? 0
  if (commands !== found.length)
    throw new Error(`docs/api/${page}.md has ${commands} curl commands, ${found.length} with an answer below`)
  return found
}

/** Puts the answers in place of those that the page shows, in the same order. */
export function writeAnswers(page: string, answers: { status: number; text: string }[]): void {
  let index = 0
  const text = readPage(page).replace(example, (whole, command, answered, shown) => {
    const { status, text: answer } = answers[index++] ?? { status: 0, text: '' }
    const line = answered.replace(/^`\d+`/, `\`${status}\``)
    if (shown === undefined) return whole.replace(answered, line)
    return `\`\`\`sh\n${command}\n\`\`\`\n\n${line}\n\n\`\`\`json\n${pretty(JSON.parse(answer))}\n\`\`\`\n`
  })
  writeFileSync(fileOf(page), text)
}

/** JSON with small objects on one line, as people write it. */
function pretty(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/\[ | \]/g, (text) => text.trim())
  const isNested =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((inner) => typeof inner === 'object' && inner !== null)
  if (typeof value !== 'object' || value === null || (!isNested && flat.length <= 70) || flat.length <= 40)
    return flat.replace(/^\{ \}$/, '{}')
  const deeper = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((inner) => pretty(inner, deeper))
    : Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${pretty(inner, deeper)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`
}
