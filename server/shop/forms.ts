import type { FastifyRequest } from 'fastify'
import { Refusal } from '../platform/refusal.ts'

/**
 * An onRequest hook: a form that another site's page sent is refused. Browsers say where a request comes from; what says
 * nothing (an old browser, a program) is let in: nobody is signed in here, so there is nothing to steal with it.
 */
export async function refuseForeignForms(request: FastifyRequest): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const isForeign =
    site === undefined
      ? origin !== undefined && URL.parse(origin)?.host !== request.host
      : site !== 'same-origin' && site !== 'none'
  if (isForeign) throw new Refusal(403, { error: 'The form was sent from another site' })
}

/** A form's field as text; "" where it is missing or was sent twice. */
export function textOf(request: FastifyRequest, name: string): string {
  const fields = request.body as Record<string, unknown> | undefined // `readBody` has made it an object
  const value = fields?.[name]
  return typeof value === 'string' ? value : ''
}

/** The texts of all fields whose names begin with `prefix`, by the rest of their names. */
export function textsOf(request: FastifyRequest, prefix: string): Record<string, string> {
  const fields = Object.entries((request.body ?? {}) as Record<string, unknown>) // as above
  return Object.fromEntries(
    fields.flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === 'string' ? [[name.slice(prefix.length), value]] : [],
    ),
  )
}
