import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid, Refusal } from '../refusal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name that a write's attributes may be wrapped in: `{"event": {"title": …}}` is `{"title": …}`. */
    singular?: string
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bodies are JSON; an empty one is no body, whatever its content type; anything else is a 415. */
export function readBodiesAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0) return undefined
    if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      throw new Refusal(415, { error: 'The body must be JSON: send Content-Type: application/json' })
    }
    try {
      return JSON.parse(utf8.decode(body), withoutPrototypes)
    } catch {
      throw new Refusal(400, { error: 'The body is not JSON' })
    }
  })
}

/** Unwraps the attributes of a write and refuses text that can't be stored. A missing body is an empty object. */
export function readBody(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (Buffer.isBuffer(request.body)) return // a route that reads the bytes themselves
  if (request.body === undefined || request.body === null) request.body = {}
  if (typeof request.body !== 'object' || Array.isArray(request.body)) throw invalid('base', 'must be an object')
  const singular = request.routeOptions.config.singular
  const attributes = request.body as Record<string, unknown> // a JSON object, as was just seen
  const wrapped = singular === undefined ? undefined : attributes[singular]
  if (singular !== undefined && typeof wrapped === 'object' && wrapped !== null && !Array.isArray(wrapped)) {
    const { [singular]: _, ...outside } = attributes
    request.body = { ...outside, ...wrapped }
  }
  clearBlankNumbers(request)
  refuseOddText(request.body, 'base')
}

/** `""` clears an optional field (contract 1), also one that is a number. */
function clearBlankNumbers(request: FastifyRequest): void {
  const attributes = request.body as Record<string, unknown> // `readBody` has seen that it is an object
  const schema = request.routeOptions.schema?.body as { properties?: Record<string, { type?: unknown }> } | undefined
  for (const [name, { type }] of Object.entries(schema?.properties ?? {})) {
    const isOptionalNumber = Array.isArray(type) && type.includes('null') && !type.includes('string')
    if (isOptionalNumber && attributes[name] === '') attributes[name] = null
  }
}

/** NUL and half a surrogate pair can't be stored as they came. */
function refuseOddText(value: unknown, field: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) throw invalid(field, 'is invalid')
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      refuseOddText(inner, field === 'base' && !Array.isArray(value) ? key : field)
    }
  }
}

function withoutPrototypes(this: unknown, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}
