import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { ErrorBody, ErrorsBody } from './shapes.ts'

const IdempotencyHeader = {
  type: 'object',
  properties: { 'idempotency-key': { type: 'string', description: 'Asking twice under one key is asking once' } },
}

type Json = { [key: string]: unknown }

/** Describes every route mounted after this call at `GET /openapi.json`, as OpenAPI 3.1. */
export async function describeRoutes(app: FastifyInstance, baseUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Foyer', version: '1', description: 'The admin API and the shop of a Foyer box office.' },
      servers: [{ url: baseUrl }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  })
  app.addHook('onRoute', listStatuses)
  app.get('/openapi', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=60')
    return namedShapes(app.swagger() as unknown as Json) // an OpenAPI document is plain JSON
  })
}

/** Every status that the door itself may answer, added to what the route declares. */
function listStatuses(route: RouteOptions): void {
  if (!route.schema || route.schema.hide) return
  const isAdmin = route.url.startsWith('/admin')
  const methods = [route.method].flat()
  const isWrite = methods.some((method) => method !== 'GET' && method !== 'HEAD')
  const statuses: Record<number, unknown> = { 429: ErrorBody, 500: ErrorBody, 503: ErrorBody, 400: ErrorBody }
  if (isAdmin) {
    statuses[401] = ErrorBody
    route.schema.security = [{ token: [] }]
  }
  if (route.schema.params || namesEvent(route.schema.querystring) || !isAdmin) statuses[404] = ErrorBody
  if (isWrite) Object.assign(statuses, { 413: ErrorBody, 415: ErrorBody })
  statuses[422] = ErrorsBody
  if (methods.includes('POST') && !route.url.endsWith('/payment')) {
    statuses[409] = ErrorsBody
    route.schema.headers = IdempotencyHeader
  }
  if (route.config?.etag) statuses[304] = { type: 'null', description: 'Not modified' }
  route.schema.response = { ...statuses, ...(route.schema.response as object) }
}

/** Moves every shape with a title to `components.schemas` and leaves a reference in its place. */
function namedShapes(document: Json): Json {
  const schemas: Json = {}
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]))
    if (typeof copy.title !== 'string' || copy.type !== 'object') return copy
    schemas[copy.title] = copy
    return { $ref: `#/components/schemas/${copy.title}` }
  }
  const { paths, components, ...rest } = document
  const visited = visit(paths)
  return { ...rest, components: { ...(components as Json), schemas }, paths: visited } // swagger always writes components
}

/** A query that names an unknown event is a 404 (contract 2). */
function namesEvent(query: unknown): boolean {
  const properties = (query as { properties?: object } | undefined)?.properties // a JSON schema of an object, if anything
  return properties !== undefined && 'event_slug' in properties
}
