import { randomUUID } from 'node:crypto'
import { METHODS } from 'node:http'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type HTTPMethods,
  LogController,
} from 'fastify'

import { Refusal } from '../refusal.ts'
import { readBodiesAsJson, readBody } from './bodies.ts'
import { closeUnusedConnections } from './closing.ts'
import { answerBrokenRequest, answerError } from './errors.ts'
import { addEtag } from './etags.ts'
import { describeRoutes } from './openapi.ts'
import { parseQueryString, readQuery } from './query-strings.ts'
import { refuseOddPath, representation, withoutJsonEnding } from './representation.ts'
import { securityHeaders } from './security-headers.ts'

export interface DoorOptions {
  baseUrl: string
  /** Addresses of proxies whose `X-Forwarded-For` counts. */
  trustProxy: string[]
  log: FastifyBaseLogger
}

export type App = FastifyInstance

/**
 * The empty server with everything that is settled once for all routes: two spellings of a path, HEAD, bodies, queries,
 * errors, ETags, security headers, request ids, a log without personal data, OpenAPI. Routes are mounted after it.
 */
export async function openDoor(options: DoorOptions): Promise<App> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy.length > 0 ? options.trustProxy : false,
    rewriteUrl: withoutJsonEnding,
    genReqId: () => randomUUID(),
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: {
      querystringParser: parseQueryString,
      maxParamLength: 20_000,
      constraints: { representation: representation as never }, // its handlers' types are the router's own affair
    },
    clientErrorHandler: answerBrokenRequest,
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true, verbose: true, strict: false },
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  for (const method of allMethods)
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true })
  closeUnusedConnections(app)
  readBodiesAsJson(app)
  app.setErrorHandler(answerError)
  const security = securityHeaders()
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(security).header('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, id } = request
    request.log.info({
      id,
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    })
    done()
  })
  app.addHook('preValidation', async (request) => {
    refuseOddPath(request)
    readQuery(request)
    readBody(request)
  })
  app.addHook('onSend', addEtag)
  await app.register(rateLimit, { global: false })
  await describeRoutes(app, options.baseUrl)
  return app as unknown as App // the type provider only matters inside the rooms, which bring their own
}

/** A known path with another method is a 405 that names the methods (RFC 9110, 15.5.6). Called after all routes. */
export function refuseOtherMethods(app: App, known: Map<string, Set<string>>): void {
  for (const [url, methods] of known) {
    const allow = [...methods].sort().join(', ')
    const others = allMethods.filter((method) => !methods.has(method))
    app.route({
      method: others,
      url,
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: async () => {
        throw new Refusal(405, { error: 'Method not allowed' }, { allow })
      },
    })
  }
}

/** Collects path and methods of every route mounted after this call. */
export function collectRoutes(app: App): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  app.addHook('onRoute', (route) => {
    if (route.url === '*') return
    const methods = known.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) methods.add(method)
    known.set(route.url, methods)
  })
  return known
}

/** All that Node.js can read, so that every one of them gets its answer. */
const allMethods = METHODS.filter((method) => method !== 'CONNECT') as HTTPMethods[] // each is made known to the app

/** An onRequest hook: at most `perMinute` requests a minute for each key; over that 429 with `Retry-After`. */
export function limitRate(app: App, perMinute: number | 'off', keyOf: (request: FastifyRequest) => string) {
  if (perMinute === 'off') return async () => {}
  return app.rateLimit({
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: keyOf,
    errorResponseBuilder: (_request, context) =>
      new Refusal(
        429,
        { error: `Too many requests: at most ${context.max} a minute` },
        { 'retry-after': String(Math.ceil(context.ttl / 1000)) },
      ),
  })
}
