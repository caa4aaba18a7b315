import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { notFound, Refusal } from '../refusal.ts'

/**
 * Two spellings of each path (contract 1): `/path.json` is `/path` asked for as JSON. Rewritten before routing, so
 * that no route knows of it and both answer the same bytes.
 */
export function withoutJsonEnding(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  const path = decodable(end === -1 ? url : url.slice(0, end))
  const query = end === -1 ? '' : url.slice(end)
  if (!path.endsWith('.json') || path.endsWith('/.json')) return path + query
  request.headers.accept = 'application/json'
  return path.slice(0, -'.json'.length) + query
}

/** A path that can't be decoded must still pass the hooks that every request passes: it names nothing, and does no harm. */
function decodable(path: string): string {
  try {
    decodeURIComponent(path)
    return path
  } catch {
    return path.replaceAll('%', '!')
  }
}

/** Odd bytes in a path (contract 9): a broken escape is 400; what is not UTF-8, or holds a NUL, names nothing: 404. */
export function refuseOddPath(request: FastifyRequest): void {
  if (/^[^?]*%(?![0-9a-f]{2})/i.test(request.originalUrl)) throw new Refusal(400, { error: 'The URL is malformed' })
  const values = Object.values(request.params as Record<string, string>) // the router gives texts
  if (values.some((value) => value.includes('\0'))) throw notFound()
}

/** A checkout is a program's business unless somebody names HTML; all else is a page unless somebody names JSON. */
function wantsPage(request: IncomingMessage): boolean {
  const isCheckout = /^\/checkouts(\/|\?|$)/.test(request.url ?? '')
  return wantsHtml(request) && (!isCheckout || /text\/html/i.test(request.headers.accept ?? ''))
}

/** Whether the address is the dashboard's. */
export function isAdmin(url: string): boolean {
  return /^\/admin(\/|\?|$)/.test(url)
}

/** The contract's rule for pages: JSON where it is asked for, and wherever a Bearer token speaks without asking for HTML. */
export function wantsHtml(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const accept = (request.headers.accept ?? '').toLowerCase()
  if (accept.includes('application/json')) return false
  return accept.includes('text/html') || !bearerOf(request)
}

/**
 * Lets a page and JSON stand at the same URL: a route with `constraints: { representation: 'html' }` is a page, for those
 * who want one or send a form; everyone else gets what is there without the constraint.
 */
export const representation = {
  name: 'representation',
  storage() {
    const handlers = new Map<unknown, unknown>()
    return {
      get: (key: unknown) => handlers.get(key) ?? null,
      set: (key: unknown, handler: unknown) => void handlers.set(key, handler),
    }
  },
  validate: () => {},
  deriveConstraint(request: IncomingMessage): string {
    const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    return (isRead ? wantsPage(request) : isForm) ? 'html' : 'json'
  },
}

/** The Bearer token of the request, or undefined. */
export function bearerOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
}
