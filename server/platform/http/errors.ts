import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseAway } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** The one place where errors become answers: refusals as they say, broken input by its field, bugs as a bare 500. */
export function answerError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof Refusal) return reply.code(error.status).headers(error.headers).send(error.body)
  if (error.validation) return reply.code(422).send({ errors: errorsByField(error.validation) })
  if (isDatabaseAway(error)) {
    request.log.error({ code: error.code }, 'the database is away')
    return reply.code(503).header('retry-after', '1').send({ error: 'Service unavailable' })
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return reply.code(413).send({ error: 'The body is too large' })
  const status = error.statusCode ?? 500
  if (status < 500) return reply.code(status).send({ error: error.message })
  request.log.error({ err: withoutRowContents(error) }, 'a bug')
  return reply.code(500).send({ error: 'Internal server error' })
}

/** A URL that can't be decoded: 404 where it is well-formed and only not UTF-8, else 400 (contract 9, odd bytes). */
export function answerBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const wellFormed = !/%(?![0-9a-f]{2})/i.test(request.raw.url ?? '')
  if (wellFormed) return reply.code(404).send({ error: 'Not found' })
  return reply.code(400).send({ error: 'The URL is malformed' })
}

/** PostgreSQL quotes the row that broke a rule: personal data, which no log may hold. */
function withoutRowContents(error: FastifyError): FastifyError {
  for (const key of ['detail', 'where', 'parameters', 'args', 'query']) {
    if (key in error) Object.defineProperty(error, key, { value: '(left out)' })
  }
  return error
}

interface SchemaError {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
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

function messageOf({ keyword, params, parentSchema }: SchemaError): string {
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
      return typeMessage([schema.type].flat())
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
