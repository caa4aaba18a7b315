import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import type { Deps } from '../config.ts'
import { isUnreachable } from '../payments/provider.ts'
import { openKeys } from '../payments/providers.ts'
import { readNotice } from '../payments/stripe-notices.ts'
import { notFound, Refusal } from '../platform/refusal.ts'
import { receiveNotice } from './stripe-news.ts'

/** Where Stripe tells its news, on any host: under the installation's keys, or under an account's own. */
export const noticeRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, clock, config } = deps

  // The signature is over the very bytes that came.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body)

  const receive = async (request: FastifyRequest, accountId: number | null, secret: string | undefined) => {
    if (secret === undefined) throw notFound()
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const notice = await readNotice(body, String(request.headers['stripe-signature'] ?? ''), secret, clock())
    if (!notice) throw new Refusal(400, { error: 'The signature is not valid' })
    try {
      await receiveNotice(deps, accountId, notice)
    } catch (error) {
      if (isUnreachable(error)) throw error
      request.log.error({ code: (error as { code?: string }).code }, 'a notice could not be worked on')
      throw new Refusal(503, { error: 'Not done yet' }, { 'retry-after': '5' })
    }
    return { received: true }
  }

  app.post('/webhooks/stripe', { schema: { hide: true } }, (request) =>
    receive(request, null, config.stripeWebhookSecret),
  )

  app.post(
    '/webhooks/stripe/:subdomain',
    { schema: { params: Type.Object({ subdomain: Type.String() }), hide: true } },
    async (request) => {
      const account = await findAccountBySubdomain(db, request.params.subdomain)
      if (!account) throw notFound()
      return receive(request, account.id, (await openKeys(db, account.id, config)).webhookSecret)
    },
  )
}
