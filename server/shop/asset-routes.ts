import type { FastifyPluginAsync } from 'fastify'
import { findSettings } from '../accounts/queries.ts'
import { findShopAccount, shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { notFound } from '../platform/refusal.ts'
import { shopScript, shopStyle, widgetScript } from './assets.ts'
import { listFeedEvents } from './queries.ts'

/** What pages load, and what search engines ask for. */
export const assetRoutes: FastifyPluginAsync<Deps> = async (app, { db, clock, config }) => {
  app.get<{ Params: { name: string } }>('/assets/:name', { schema: { hide: true } }, async (request, reply) => {
    const path = `/assets/${request.params.name}`
    const asset = [shopStyle, shopScript].find(({ family }) => family.test(path))
    if (!asset) throw notFound()
    // A page from before an update asks for the content of then: what there is now is better than nothing, for once.
    const cacheControl = path === asset.path ? 'public, max-age=31536000, immutable' : 'no-store'
    return reply.header('cache-control', cacheControl).type(asset.type).send(asset.content)
  })

  app.get('/widget.js', { schema: { hide: true }, config: { etag: true } }, async (request, reply) => {
    const { id, subdomain } = await findShopAccount(db, config.baseUrl, request.host)
    const { frameOrigins } = await findSettings(db, id)
    const headers = { 'cache-control': 'public, max-age=60', 'cross-origin-resource-policy': 'cross-origin' }
    const text = widgetScript({ shop: shopUrl(config.baseUrl, subdomain), frameOrigins })
    return reply.headers(headers).type('text/javascript; charset=utf-8').send(text)
  })

  app.get('/sitemap.xml', { schema: { hide: true }, config: { etag: true } }, async (request, reply) => {
    const account = await findShopAccount(db, config.baseUrl, request.host)
    const url = shopUrl(config.baseUrl, account.subdomain)
    const events = await listFeedEvents(db, account.id, clock())
    const addresses = [`${url}/events`, ...events.map(({ slug }) => `${url}/events/${slug}`)]
    const entries = addresses.map((address) => `<url><loc>${address}</loc></url>`).join('\n')
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries}
</urlset>
`
    return reply.header('cache-control', 'public, max-age=60').type('application/xml; charset=utf-8').send(xml)
  })

  app.get('/robots.txt', { schema: { hide: true } }, async (request, reply) => {
    const account = await findShopAccount(db, config.baseUrl, request.host)
    const url = shopUrl(config.baseUrl, account.subdomain)
    const text = `User-agent: *\nDisallow: /admin\nDisallow: /checkouts\nDisallow: /orders\nSitemap: ${url}/sitemap.xml\n`
    return reply.header('cache-control', 'public, max-age=60').type('text/plain; charset=utf-8').send(text)
  })
}
