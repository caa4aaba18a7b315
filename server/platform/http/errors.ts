import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseAway, isDatabaseError } from '../database.ts'
import { Refusal } from '../refusal.ts'

export interface ErrorAnswer {
  status: number
  headers: Record<string, string>
  body: { error: string } | { errors: Record<string, string[]> }
}

/** The one place where errors become answers: refusals as they say, broken input by its field, bugs as a bare 500. */
export function answerError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply) {
  const { status, headers, body } = describeError(error, request)
  return reply.code(status).headers(headers).send(body)
}

/** What is answered to the error; a bug is logged. */
export function describeError(error: FastifyError | Refusal, request: FastifyRequest): ErrorAnswer {
  if (error instanceof Refusal) return error
  if (error.validation) return { status: 422, headers: {}, body: { errors: errorsByField(error.validation) } }
  if (isDatabaseAway(error)) {
    request.log.error({ code: error.code }, 'the database is away')
    return { status: 503, headers: { 'retry-after': '1' }, body: { error: 'Service unavailable' } }
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { status: 413, headers: {}, body: { error: 'The body is too large' } }
  const status = error.statusCode ?? 500
  if (status < 500) return { status, headers: {}, body: { error: error.message } }
  request.log.error({ error: withoutContents(error) }, 'a bug')
  return { status: 500, headers: {}, body: { error: 'Internal server error' } }
}

/** What is not HTTP, as far as Node.js can tell: it never becomes a request. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, message] = brokenRequests[error.code ?? ''] ?? ['400 Bad Request', 'The request is malformed']
  const body = JSON.stringify({ error: message })
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}`
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`)
}

const brokenRequests: Record<string, [status: string, message: string] | undefined> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long'],
}

/**
 * What a log may hold of an error. PostgreSQL quotes input in its messages and details: of its errors only the code, the
 * names of what was involved, and where it was thrown.
 */
function withoutContents(error: Error): Record<string, unknown> {
  const { name, message, stack = '' } = error
  if (!isDatabaseError(error)) return { name, message, stack }
  const { code, constraint_name, table_name, column_name, routine } = error
  const where = stack.split('\n').filter((line) => line.startsWith('    at '))
  return { name, code, constraint_name, table_name, column_name, routine, stack: where.join('\n') }
}

interface SchemaError {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  data?: unknown
  parentSchema?: unknown
}

function errorsByField(found: SchemaError[]): Record<string, string[]> {
  const errors: Record<string, string[]> = {}
  for (const error of found) {
    const path = error.instancePath.slice(1).replaceAll('/', '.')
    const missing = error.keyword === 'required' ? String(error.params.missingProperty) : ''
    const field = [path, missing].filter(Boolean).join('.') || 'base'
    errors[field] ??= [messageOf(error)]
  }
  return errors
}

function messageOf({ keyword, params, data, parentSchema }: SchemaError): string {
  const schema = parentSchema as { minimum?: number; maximum?: number; type?: string | string[] } // ajv is `verbose`
  switch (keyword) {
    case 'required':
    case 'minLength':
    case 'minItems':
      return "can't be blank"
    case 'pattern':
      return params.pattern === '\\S' ? "can't be blank" : 'is invalid'
    case 'maxLength':
      return `is too long (maximum is ${params.limit} characters)`
    case 'maxItems':
      return `is too long (maximum is ${params.limit} items)`
    case 'enum':
    case 'const':
      return 'is not included in the list'
    case 'minimum':
    case 'maximum':
      return rangeMessage(schema, keyword, Number(params.limit))
    case 'type':
      return data === null ? "can't be blank" : typeMessage([schema.type].flat())
    default:
      return 'is invalid'
  }
}

function rangeMessage(schema: { minimum?: number; maximum?: number }, keyword: string, limit: number): string {
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    return `must be between ${schema.minimum} and ${schema.maximum}`
  }
  if (keyword === 'maximum') return `must be less than or equal to ${limit}`
  return limit === 1 ? 'must be greater than 0' : `must be greater than or equal to ${limit}`
}

function typeMessage(types: (string | undefined)[]): string {
  if (types.includes('integer') || types.includes('number')) return 'is not a number'
  return types.includes('boolean') ? 'is not included in the list' : 'is invalid'
}
