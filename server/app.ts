import { answerErrorToCaller, demandToken, identify } from './accounts/authenticate.ts'
import { GoodTokens } from './accounts/good-tokens.ts'
import { accountRoutes } from './accounts/routes.ts'
import { admissionRoutes } from './admission/routes.ts'
import { noticeRoutes } from './checkout/notice-routes.ts'
import { checkoutRoutes } from './checkout/routes.ts'
import type { Deps } from './config.ts'
import { customerRoutes } from './customers/routes.ts'
import { eventRoutes, venueRoutes } from './events/routes.ts'
import { mailboxRoutes } from './letters/mailbox-routes.ts'
import { letterRoutes } from './letters/routes.ts'
import { eventSalesRoutes } from './orders/event-sales-routes.ts'
import { invoicePaperRoutes, invoiceRoutes } from './orders/invoices/routes.ts'
import { orderListRoutes } from './orders/list-routes.ts'
import { refundRoutes } from './orders/refund-routes.ts'
import { orderRoutes } from './orders/routes.ts'
import { type App, collectRoutes, limitRate, openDoor, refuseOtherMethods } from './platform/http/door.ts'
import { probeRoutes } from './platform/http/probes.ts'
import { isAdmin } from './platform/http/representation.ts'
import { notFound } from './platform/refusal.ts'
import { promoCodeRoutes } from './promo-codes/routes.ts'
import { assetRoutes } from './shop/asset-routes.ts'
import { answerErrorPage } from './shop/page-errors.ts'
import { pageRoutes } from './shop/page-routes.ts'
import { shopRoutes } from './shop/routes.ts'
import { ticketRoutes } from './ticketing/routes.ts'

/** Everything that Foyer serves. */
export async function buildApp(deps: Deps): Promise<App> {
  const { db, config, log } = deps
  const app = await openDoor({ baseUrl: config.baseUrl, trustProxy: config.trustProxy, log })
  app.decorateRequest('tokenId', undefined)
  app.decorateRequest('tokenHash', undefined)
  app.decorateRequest('caller', undefined)
  const who = identify(db, new GoodTokens())
  const perToken = limitRate(app, config.rateLimit, ({ tokenId, ip }) =>
    tokenId === undefined ? ip : `token ${tokenId}`,
  )
  const perAddress = limitRate(app, config.rateLimit, (request) => request.ip)

  await app.register(async (open) => {
    const known = collectRoutes(open)
    await open.register(probeRoutes, deps)
    await open.register(mailboxRoutes, deps)
    refuseOtherMethods(open, known)
  })

  await app.register(async (notices) => {
    const known = collectRoutes(notices)
    await notices.register(noticeRoutes, deps)
    refuseOtherMethods(notices, known)
  })

  await app.register(async (admin) => {
    const known = collectRoutes(admin)
    admin.setErrorHandler(answerErrorToCaller(db))
    for (const hook of [who, perToken, demandToken]) admin.addHook('onRequest', hook)
    await admin.register(accountRoutes, deps)
    await admin.register(customerRoutes, deps)
    await admin.register(orderListRoutes, deps)
    await admin.register(orderRoutes, deps)
    await admin.register(refundRoutes, deps)
    await admin.register(invoiceRoutes, deps)
    await admin.register(eventSalesRoutes, deps)
    await admin.register(eventRoutes, deps)
    await admin.register(ticketRoutes, deps)
    await admin.register(venueRoutes, deps)
    await admin.register(promoCodeRoutes, deps)
    refuseOtherMethods(admin, known)
  })

  await app.register(async (shop) => {
    shop.addHook('onRequest', perAddress)
    await shop.register(pageRoutes, deps)
    for (const room of [shopRoutes, checkoutRoutes, admissionRoutes, letterRoutes, invoicePaperRoutes, assetRoutes]) {
      await shop.register(async (open) => {
        const known = collectRoutes(open)
        await open.register(room, deps)
        refuseOtherMethods(open, known)
      })
    }
  })

  await app.register(async (unknown) => {
    unknown.setErrorHandler(answerErrorPage(deps))
    unknown.setNotFoundHandler({ preHandler: [perAddress] }, async (request, reply) => {
      if (isAdmin(request.url)) {
        await who(request)
        await demandToken(request, reply)
        if (reply.sent) return reply
      }
      throw notFound()
    })
  })
  return app
}
