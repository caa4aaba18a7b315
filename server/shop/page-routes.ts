import formbody from '@fastify/formbody'
import type { FastifyPluginAsync } from 'fastify'
import type { Deps } from '../config.ts'
import { checkoutPageRoutes } from './checkout-routes.ts'
import { eventPageRoutes } from './event-routes.ts'
import { refuseForeignForms } from './forms.ts'
import { lostTicketsRoutes } from './lost-tickets-routes.ts'
import { orderPageRoutes } from './order-routes.ts'
import { answerErrorPage } from './page-errors.ts'
import { paymentPageRoutes } from './payment-routes.ts'

/** The shop that people see. A page stands at the URL of the JSON beside it; forms post to pages. */
export const pageRoutes: FastifyPluginAsync<Deps> = async (app, deps) => {
  await app.register(formbody)
  app.setErrorHandler(answerErrorPage(deps))
  app.addHook('onRequest', refuseForeignForms)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true }
  })
  for (const routes of [eventPageRoutes, checkoutPageRoutes, paymentPageRoutes, orderPageRoutes, lostTicketsRoutes])
    await app.register(routes, deps)
}
