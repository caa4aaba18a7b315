import type { FastifyRequest } from 'fastify'
import { invalid } from '../refusal.ts'

const broken = Symbol('broken')

/** Reads a query string; a value that is not UTF-8 or holds a NUL becomes `broken`, refused by `readQuery`. */
export function parseQueryString(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null)
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const name = nameOf(pair)
    const at = pair.indexOf('=')
    const value = at === -1 ? '' : decode(pair.slice(at + 1))
    if (name !== '') query[name] = name in query ? broken : value
  }
  return query
}

/**
 * Turns the query's texts into what the route's schema names: integers, and booleans as 1, true, 0, false (contract 1).
 * An empty value is as if absent; what can't be turned stays text and is refused by the schema.
 */
export function readQuery(request: FastifyRequest): void {
  const query = request.query as Record<string, unknown> // what parseQueryString made
  const schema = request.routeOptions.schema?.querystring as
    | { properties?: Record<string, { type?: string }> }
    | undefined
  for (const [name, value] of Object.entries(query)) {
    if (value === broken) throw invalid(name, 'is invalid')
    const type = schema?.properties?.[name]?.type
    if (value === '') delete query[name]
    else if (type === 'boolean') query[name] = booleans.get(value) ?? value
    else if (type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) query[name] = Number(value)
  }
}

const booleans = new Map<unknown, boolean>([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
])

/** Of a pair of a query string; empty where it can't be read. */
export function nameOf(pair: string): string {
  const name = decode(pair.split('=', 1)[0] ?? '')
  return name === broken ? '' : name
}

function decode(text: string): string | typeof broken {
  if (/^[\w.~-]*$/.test(text)) return text
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    return decoded.includes('\0') ? broken : decoded
  } catch {
    return broken
  }
}
