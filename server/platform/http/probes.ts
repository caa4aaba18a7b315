import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Pool } from '../database.ts'
import { Refusal } from '../refusal.ts'

const Ok = Type.Object({ status: Type.Literal('ok') }, { title: 'Ok' })
const patienceMs = 2000

/** For whoever watches the process: no token, no rate limit. */
export const probeRoutes: FastifyPluginAsyncTypebox<{ db: Pool; isReady: () => boolean }> = async (
  app,
  { db, isReady },
) => {
  app.get('/healthz', { schema: { response: { 200: Ok } } }, async () => ({ status: 'ok' as const }))

  app.get('/readyz', { schema: { response: { 200: Ok } } }, async () => {
    if (!isReady() || !(await answers(db))) throw new Refusal(503, { error: 'Not ready' }, { 'retry-after': '1' })
    return { status: 'ok' as const }
  })

  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const query = request.originalUrl.split('?')[1]
    return reply.redirect(query === undefined ? '/events' : `/events?${query}`)
  })
}

async function answers(db: Pool): Promise<boolean> {
  const asked = db`select from migrations limit 1`.then(
    () => true,
    () => false,
  )
  return Promise.race([asked, new Promise<boolean>((resolve) => setTimeout(resolve, patienceMs, false).unref())])
}
