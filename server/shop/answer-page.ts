import type { FastifyReply } from 'fastify'
import { document, type Page } from './pages/layout.ts'
import type { Visit } from './visit.ts'

export interface Answering {
  status?: number
  /** Sites that may show the page in a frame; none where it is left out. */
  frameOrigins?: string[]
}

/**
 * Sends a page with what it may load: its own style and script, from here and nowhere else. Forms go here only; in a frame
 * it opens where `frameOrigins` says so.
 */
export function answerPage(reply: FastifyReply, visit: Visit, page: Page, answering: Answering = {}): FastifyReply {
  const { status = 200, frameOrigins = [] } = answering
  if (frameOrigins.length > 0) reply.removeHeader('x-frame-options')
  return reply
    .code(status)
    .headers({
      'content-security-policy': contentSecurityPolicy(frameOrigins),
      // With none at all a browser would send our own forms without their origin.
      'referrer-policy': 'same-origin',
      'content-language': visit.locale,
      vary: 'Accept, Accept-Language, Authorization',
    })
    .type('text/html; charset=utf-8')
    .send(document(visit, page))
}

function contentSecurityPolicy(frameOrigins: string[]): string {
  const ancestors = frameOrigins.length > 0 ? `'self' ${frameOrigins.join(' ')}` : "'none'"
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
  ].join(';')
}
