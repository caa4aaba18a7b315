import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Deps } from '../config.ts'
import { ErrorsBody } from '../platform/http/shapes.ts'
import { accountOf, callerOf } from './authenticate.ts'
import { changeSettings } from './change-settings.ts'
import { findSettings } from './queries.ts'
import { Identity, presentIdentity, presentSettings, Settings, SettingsInput, ShopSettings } from './schema.ts'
import { shopUrl } from './shop-address.ts'

export const accountRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  app.get('/admin/identity', { schema: { response: { 200: Identity } } }, async (request) =>
    presentIdentity(callerOf(request)),
  )

  app.get('/admin/settings', { schema: { response: { 200: Settings } } }, async (request) =>
    presentSettings(await findSettings(db, accountOf(request).id), config.holdMinutes),
  )

  app.patch(
    '/admin/settings',
    { schema: { body: SettingsInput, response: { 200: Settings, 409: ErrorsBody } }, config: { singular: 'settings' } },
    async (request) =>
      presentSettings(await changeSettings(db, accountOf(request).id, request.body, config), config.holdMinutes),
  )

  app.get('/admin/account_settings/shop', { schema: { response: { 200: ShopSettings } } }, async (request) => {
    const { subdomain, name, locale } = accountOf(request)
    return { shop_url: shopUrl(config.baseUrl, subdomain), name, locale }
  })
}
