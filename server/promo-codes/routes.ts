import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { accountOf, askerOf } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { IdParams, readId } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { findPromoCode, listPromoCodes, type PromoCodeRow, updatePromoCodeDeleted } from './queries.ts'
import { changePromoCode, createPromoCode } from './save-promo-code.ts'
import { PromoCode, PromoCodeChanges, PromoCodeInput, PromoCodeList, presentPromoCode } from './schema.ts'

const config = { singular: 'promo_code' }

export const promoCodeRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config: { baseUrl } }) => {
  const present = (row: PromoCodeRow, account: Account) =>
    presentPromoCode(row, account.currency, shopUrl(baseUrl, account.subdomain))

  app.get('/admin/promo_codes', { schema: { response: { 200: PromoCodeList } } }, async (request) => {
    const account = accountOf(request)
    return { promo_codes: (await listPromoCodes(db, account.id)).map((row) => present(row, account)) }
  })

  app.post(
    '/admin/promo_codes',
    { schema: { body: PromoCodeInput, response: { 201: PromoCode } }, config },
    async (request, reply) => {
      const account = accountOf(request)
      return answerOnce(request, reply, db, askerOf(request, clock()), async (db) => {
        const row = await createPromoCode(db, account, request.body, clock())
        return { status: 201, location: `/admin/promo_codes/${row.id}.json`, body: present(row, account) }
      })
    },
  )

  app.get(
    '/admin/promo_codes/:id',
    { schema: { params: IdParams, response: { 200: PromoCode } }, config: { etag: true } },
    async (request) => {
      const account = accountOf(request)
      const row = await findPromoCode(db, account.id, readId(request.params.id) ?? 0)
      if (!row) throw notFound()
      return present(row, account)
    },
  )

  app.patch(
    '/admin/promo_codes/:id',
    { schema: { params: IdParams, body: PromoCodeChanges, response: { 200: PromoCode } }, config },
    async (request) => {
      const account = accountOf(request)
      const id = readId(request.params.id) ?? 0
      return present(await changePromoCode(db, account, id, request.body, clock()), account)
    },
  )

  app.delete(
    '/admin/promo_codes/:id',
    { schema: { params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const id = readId(request.params.id) ?? 0
      if (!(await updatePromoCodeDeleted(db, accountOf(request).id, id, clock()))) throw notFound()
      return reply.code(204).send(null)
    },
  )
}
