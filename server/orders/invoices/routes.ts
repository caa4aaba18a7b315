import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accountOf } from '../../accounts/authenticate.ts'
import { findShopAccount, shopUrl } from '../../accounts/shop-address.ts'
import type { Deps } from '../../config.ts'
import { notFound } from '../../platform/refusal.ts'
import { findOrder } from '../queries.ts'
import { RefParams } from '../schema.ts'
import { printInvoice } from './print-invoice.ts'
import { findInvoice, listInvoices } from './queries.ts'
import { Invoices, PaperParams, presentInvoice } from './schema.ts'

export const invoiceRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  app.get(
    '/admin/orders/:ref/invoices',
    { schema: { params: RefParams, response: { 200: Invoices } } },
    async (request) => {
      const account = accountOf(request)
      const order = await findOrder(db, account.id, request.params.ref)
      if (!order) throw notFound()
      const orderUrl = `${shopUrl(config.baseUrl, account.subdomain)}/orders/${order.publicId}`
      return (await listInvoices(db, account.id, order.id)).map((invoice) => presentInvoice(invoice, orderUrl))
    },
  )
}

const Pdf = {
  description: 'The paper',
  content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
}

/** Open to whoever knows the order's id, in its own shop only. */
export const invoicePaperRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  app.get(
    '/orders/:public_id/invoices/:file',
    { schema: { params: PaperParams, response: { 200: Pdf } } },
    async (request, reply) => {
      const account = await findShopAccount(db, config.baseUrl, request.host)
      const { public_id: publicId, file } = request.params
      const number = file.endsWith('.pdf') ? file.slice(0, -'.pdf'.length) : ''
      const invoice = await findInvoice(db, account.id, publicId, number)
      if (!invoice) throw notFound()
      reply.headers({
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${number}.pdf"`,
        'cache-control': 'no-store',
      })
      return reply.send(await printInvoice(invoice))
    },
  )
}
