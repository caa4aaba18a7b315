import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { findShopAccount } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { resendTickets } from './resend-tickets.ts'
import { LostTickets, OrderParams, Queued } from './schema.ts'
import { askForOrderLinks } from './send-order-links.ts'

const queued = { status: 202, body: { status: 'queued' } } as const

/** Mails that buyers ask for themselves, without a token. */
export const letterRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post(
    '/orders/:public_id/tickets_mail',
    { schema: { params: OrderParams, response: { 202: Queued } } },
    async (request, reply) => {
      const account = await findShopAccount(db, config.baseUrl, request.host)
      const asker = { accountId: account.id, permission: 'shop', now: clock() }
      return answerOnce(request, reply, db, asker, async (db) => {
        await resendTickets(db, account.id, request.params.public_id, clock())
        return queued
      })
    },
  )

  app.post('/lost_tickets', { schema: { body: LostTickets, response: { 202: Queued } } }, async (request, reply) => {
    const account = await findShopAccount(db, config.baseUrl, request.host)
    const asker = { accountId: account.id, permission: 'shop', now: clock() }
    return answerOnce(request, reply, db, asker, async (db) => {
      await askForOrderLinks(db, account.id, request.body.email)
      return queued
    })
  })
}
