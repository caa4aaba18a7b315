import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whole answers carry an ETag, and `If-None-Match` is answered with 304 (RFC 9110, 13.1.2). */
    etag?: boolean
  }
}

/** An onSend hook. Streamed answers have no ETag: their bytes are not known before they are sent. */
export async function addEtag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload)
  if (!isWhole || reply.statusCode !== 200 || !request.routeOptions.config.etag) return payload
  const etag = `"${hash('sha1', payload, 'base64url')}"`
  reply.header('etag', etag)
  if (!matches(request.headers['if-none-match'], etag)) return payload
  reply.code(304).removeHeader('content-type').removeHeader('content-length')
  return ''
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag)
}
