import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { findShopAccount, shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { SlugParams } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { listTicketTypes } from '../ticketing/queries.ts'
import { listFeedEvents } from './queries.ts'
import { Feed, FeedEventWithTickets, presentFeedEvent, presentFeedTicket } from './schema.ts'

/** The public feed: open to every site, and to every cache for a minute. */
export const shopRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag',
      // The same address is a page for those who want one.
      vary: 'Accept, Authorization',
    })
  })

  // An error is gone when its cause is: no cache may keep it.
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', reply.statusCode < 400 ? 'public, max-age=60' : 'no-store')
  })

  for (const url of ['/events', '/events/:slug']) {
    app.options(url, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-methods': 'GET, HEAD',
          'access-control-allow-headers': 'Accept, If-None-Match',
          'access-control-max-age': '86400',
        })
        .send(),
    )
  }

  app.get('/events', { schema: { response: { 200: Feed } }, config: { etag: true } }, async (request) => {
    const account = await findShopAccount(db, config.baseUrl, request.host)
    const events = await listFeedEvents(db, account.id, clock())
    const url = shopUrl(config.baseUrl, account.subdomain)
    return { events: events.map((event) => presentFeedEvent(event, account, url)) }
  })

  app.get(
    '/events/:slug',
    { schema: { params: SlugParams, response: { 200: FeedEventWithTickets } }, config: { etag: true } },
    async (request) => {
      const account = await findShopAccount(db, config.baseUrl, request.host)
      const [event] = await listFeedEvents(db, account.id, clock(), request.params.slug)
      if (!event) throw notFound()
      const types = await listTicketTypes(db, account.id, event.id, ['active'], clock())
      return {
        ...presentFeedEvent(event, account, shopUrl(config.baseUrl, account.subdomain)),
        tickets: types.map((type) => presentFeedTicket(type, account.currency)),
      }
    },
  )
}
