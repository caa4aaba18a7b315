import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accountOf, askerOf } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { answerOnceInSteps, type Steps } from '../platform/http/idempotency.ts'
import { ErrorsBody } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { findOrder } from './queries.ts'
import { beginCancellation, beginRefund, finishRefund, type Payee } from './refund-order.ts'
import { Order, presentOrder, RefParams, RefundInput } from './schema.ts'

const Act = { params: RefParams, response: { 200: Order, 409: ErrorsBody } }

export const refundRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config }) => {
  /** Asks the provider, where there is something to ask for, and shows the order as it is then. */
  const finishing =
    (account: Payee & { subdomain: string }, ref: string): Steps['finish'] =>
    async (refundId) => {
      if (refundId !== undefined) await finishRefund(db, account, refundId, clock(), config)
      const order = await findOrder(db, account.id, ref)
      if (!order) throw notFound()
      return { status: 200, body: presentOrder(order, account.currency, shopUrl(config.baseUrl, account.subdomain)) }
    }

  app.post('/admin/orders/:ref/refund', { schema: { ...Act, body: RefundInput } }, async (request, reply) => {
    const account = accountOf(request)
    const { ref } = request.params
    return answerOnceInSteps(request, reply, db, askerOf(request, clock()), {
      begin: (tx) => beginRefund(tx, account, ref, request.body.amount, clock()),
      finish: finishing(account, ref),
    })
  })

  app.post('/admin/orders/:ref/cancellation', { schema: Act }, async (request, reply) => {
    const account = accountOf(request)
    const { ref } = request.params
    return answerOnceInSteps(request, reply, db, askerOf(request, clock()), {
      begin: (tx) => beginCancellation(tx, account, ref, clock()),
      finish: finishing(account, ref),
    })
  })
}
