import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'

/**
 * Two spellings of each path (contract 1): `/path.json` is `/path` asked for as JSON. Rewritten before routing, so
 * that no route knows of it and both answer the same bytes.
 */
export function withoutJsonEnding(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  if (!path.endsWith('.json') || path.endsWith('/.json')) return url
  request.headers.accept = 'application/json'
  return path.slice(0, -'.json'.length) + (end === -1 ? '' : url.slice(end))
}

/** The contract's rule for pages: JSON where it is asked for, and wherever a Bearer token speaks without asking for HTML. */
export function wantsHtml(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const accept = request.headers.accept ?? ''
  if (accept.includes('application/json')) return false
  return accept.includes('text/html') || !bearerOf(request)
}

/** The Bearer token of the request, or undefined. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
}
