import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { findShopAccount } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { displayCode } from '../platform/codes.ts'
import { conflict, notFound } from '../platform/refusal.ts'
import { findAdmission, listAdmissionTickets } from './queries.ts'
import { writeTicketsPdf } from './tickets-pdf.ts'

const OrderParams = Type.Object({ public_id: Type.String() })
const Pdf = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** An order's tickets, for whoever has the order's unguessable address. */
export const admissionRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  app.get(
    '/orders/:public_id/tickets.pdf',
    {
      schema: {
        params: OrderParams,
        produces: ['application/pdf'],
        response: { 200: { content: { 'application/pdf': { schema: Pdf } } } },
      },
    },
    async (request, reply) => {
      const account = await findShopAccount(db, config.baseUrl, request.host)
      const order = await findAdmission(db, account.id, { publicId: request.params.public_id })
      if (!order) throw notFound()
      const tickets = await listAdmissionTickets(db, account.id, order.orderId)
      if (tickets.length === 0) throw conflict('The order has no valid tickets')
      const name = `tickets-${displayCode(order.orderCode)}.pdf`
      reply.headers({ 'cache-control': 'no-store', 'content-disposition': `inline; filename="${name}"` })
      return reply.type('application/pdf').send(await writeTicketsPdf(order, tickets))
    },
  )
}
