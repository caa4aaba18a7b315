import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { findShopAccount } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { providersFor } from '../payments/providers.ts'
import type { Db } from '../platform/database.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { ErrorsBody } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { beginCheckout } from './begin-checkout.ts'
import { abandonCheckout, changeCheckout } from './change-checkout.ts'
import { payCheckout } from './pay-checkout.ts'
import { findCheckout, listCheckoutItems } from './queries.ts'
import {
  Checkout,
  CheckoutChanges,
  NewCheckout,
  PaymentAnswer,
  PaymentRequest,
  presentCheckout,
  presentOrderNumbers,
} from './schema.ts'

const CheckoutParams = Type.Object({ public_id: Type.String() })

export const checkoutRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config }) => {
  const shopOf = (request: FastifyRequest) => findShopAccount(db, config.baseUrl, request.host)
  const holdMinutesOf = (account: Account) => account.holdMinutes ?? config.holdMinutes

  const present = async (db: Db, account: Account, publicId: string) => {
    const checkout = await findCheckout(db, account.id, publicId)
    if (!checkout) throw notFound()
    const items = await listCheckoutItems(db, account.id, checkout.id)
    const names = providersFor(checkout.totalMinor, config).map((provider) => provider.name)
    return presentCheckout(checkout, items, account.currency, names)
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
        const publicId = await beginCheckout(db, account, request.body, clock(), holdMinutesOf(account))
        return { status: 201, location: `/checkouts/${publicId}.json`, body: await present(db, account, publicId) }
      })
    },
  )

  app.get(
    '/checkouts/:public_id',
    { schema: { params: CheckoutParams, response: { 200: Checkout } } },
    async (request) => present(db, await shopOf(request), request.params.public_id),
  )

  app.patch(
    '/checkouts/:public_id',
    {
      schema: { params: CheckoutParams, body: CheckoutChanges, response: { 200: Checkout, 409: ErrorsBody } },
      config: { singular: 'checkout' },
    },
    async (request) => {
      const account = await shopOf(request)
      await changeCheckout(db, account.id, request.params.public_id, request.body)
      return present(db, account, request.params.public_id)
    },
  )

  app.delete(
    '/checkouts/:public_id',
    { schema: { params: CheckoutParams, response: { 204: Type.Null(), 409: ErrorsBody } } },
    async (request, reply) => {
      await abandonCheckout(db, (await shopOf(request)).id, request.params.public_id)
      return reply.code(204).send(null)
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
      const choice = {
        providerName,
        options,
        providersFor: (totalMinor: bigint) => providersFor(totalMinor, config),
        holdMinutes: holdMinutesOf(account),
      }
      const result = await payCheckout(db, account, request.params.public_id, choice, clock)
      return result.status === 'paid' ? { status: 'paid' as const, order: presentOrderNumbers(result.order) } : result
    },
  )
}
