import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { findShopAccount, shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { isUnreachable } from '../payments/provider.ts'
import { listProviders } from '../payments/providers.ts'
import { transaction } from '../platform/database.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { ErrorsBody } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { applyPromoCode } from './apply-promo-code.ts'
import { beginCheckout } from './begin-checkout.ts'
import { abandonCheckout, changeCheckout } from './change-checkout.ts'
import { payCheckout } from './pay-checkout.ts'
import { type CheckoutRow, findCheckout } from './queries.ts'
import { reconcileCheckout } from './reconcile-payment.ts'
import {
  Checkout,
  CheckoutChanges,
  NewCheckout,
  PaymentAnswer,
  PaymentRequest,
  presentCheckout,
  presentPayment,
} from './schema.ts'

const CheckoutParams = Type.Object({ public_id: Type.String() })

export const checkoutRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, clock, config } = deps
  const shopOf = (request: FastifyRequest) => findShopAccount(db, config.baseUrl, request.host)
  const holdMinutesOf = (account: Account) => account.holdMinutes ?? config.holdMinutes

  const present = async (account: Account, checkout: CheckoutRow | undefined) => {
    if (!checkout) throw notFound()
    const providers = await listProviders(db, account.id, config)
    const names = providers
      .filter((provider) => provider.takes(checkout.totalMinor, account.currency))
      .map((provider) => provider.name)
    return presentCheckout(checkout, account.currency, names)
  }

  /** What can't be done now is done by the reconciler. */
  const reconcileIfReachable = async (account: Account, publicId: string) => {
    try {
      await reconcileCheckout(deps, account, publicId)
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post(
    '/checkouts',
    { schema: { body: NewCheckout, response: { 201: Checkout, 409: ErrorsBody } }, config: { singular: 'checkout' } },
    async (request, reply) => {
      const account = await shopOf(request)
      const asker = { accountId: account.id, permission: 'shop', now: clock() }
      return answerOnce(request, reply, db, asker, async (db) => {
        const checkout = await beginCheckout(db, account, request.body, clock(), holdMinutesOf(account))
        const location = `/checkouts/${checkout.publicId}.json`
        return { status: 201, location, body: await present(account, checkout) }
      })
    },
  )

  app.get(
    '/checkouts/:public_id',
    { schema: { params: CheckoutParams, response: { 200: Checkout } } },
    async (request) => {
      const account = await shopOf(request)
      return present(account, await findCheckout(db, account.id, request.params.public_id))
    },
  )

  app.patch(
    '/checkouts/:public_id',
    {
      schema: { params: CheckoutParams, body: CheckoutChanges, response: { 200: Checkout, 409: ErrorsBody } },
      config: { singular: 'checkout' },
    },
    async (request) => {
      const account = await shopOf(request)
      const { public_id: publicId } = request.params
      const { promo_code: promoCode } = request.body
      if (promoCode === undefined) return present(account, await changeCheckout(db, account.id, publicId, request.body))
      await transaction(db, async (tx) => {
        await applyPromoCode(tx, account.id, publicId, promoCode, clock())
        await changeCheckout(tx, account.id, publicId, request.body)
      })
      // A page that was opened for another total must take no money.
      await reconcileIfReachable(account, publicId)
      return present(account, await findCheckout(db, account.id, publicId))
    },
  )

  app.delete(
    '/checkouts/:public_id',
    { schema: { params: CheckoutParams, response: { 204: Type.Null(), 409: ErrorsBody } } },
    async (request, reply) => {
      const account = await shopOf(request)
      await abandonCheckout(db, account.id, request.params.public_id)
      await reconcileIfReachable(account, request.params.public_id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/checkouts/:public_id/return',
    { schema: { params: CheckoutParams, hide: true } },
    async (request, reply) => {
      const account = await shopOf(request)
      const { public_id: publicId } = request.params
      if (!(await findCheckout(db, account.id, publicId))) throw notFound()
      await reconcileIfReachable(account, publicId)
      return reply.redirect(`/checkouts/${publicId}`, 303)
    },
  )

  app.post(
    '/checkouts/:public_id/payment',
    {
      schema: { params: CheckoutParams, body: PaymentRequest, response: { 200: PaymentAnswer, 409: ErrorsBody } },
      config: { singular: 'payment' },
    },
    async (request) => {
      const account = await shopOf(request)
      const { provider: providerName, ...options } = request.body
      const { public_id: publicId } = request.params
      const providers = await listProviders(db, account.id, config)
      const choice = {
        providerName,
        options,
        providersFor: (totalMinor: bigint) =>
          providers.filter((provider) => provider.takes(totalMinor, account.currency)),
        holdMinutes: holdMinutesOf(account),
        shopUrl: shopUrl(config.baseUrl, account.subdomain),
      }
      const result = await payCheckout(db, account, publicId, choice, clock)
      // A page that another request has opened meanwhile must not take money as well.
      if (result.status === 'paid') await reconcileIfReachable(account, publicId)
      return presentPayment(result)
    },
  )
}
