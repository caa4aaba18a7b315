import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { findShopAccount, shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { displayCode } from '../platform/codes.ts'
import { conflict, notFound } from '../platform/refusal.ts'
import { writeCalendar } from './calendar.ts'
import { type AdmissionRow, type AdmissionTicket, findAdmission, listAdmissionTickets } from './queries.ts'
import { writeTicketsPdf } from './tickets-pdf.ts'

const OrderParams = Type.Object({ public_id: Type.String() })
const Pdf = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

const Calendar = Type.String()

type OrderRequest = FastifyRequest<{ Params: Type.Static<typeof OrderParams> }>

/** An order's tickets and date, for whoever has the order's unguessable address. */
export const admissionRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  /** Throws 404, and 409 where no ticket is valid any more. */
  async function open({ host, params }: OrderRequest): Promise<{ order: AdmissionRow; tickets: AdmissionTicket[] }> {
    const account = await findShopAccount(db, config.baseUrl, host)
    const order = await findAdmission(db, account.id, { publicId: params.public_id })
    if (!order) throw notFound()
    const tickets = await listAdmissionTickets(db, account.id, order.orderId)
    if (tickets.length === 0) throw conflict('The order has no valid tickets')
    return { order, tickets }
  }

  app.get('/orders/:public_id/tickets.pdf', { schema: file('application/pdf', Pdf) }, async (request, reply) => {
    const { order, tickets } = await open(request)
    reply.headers(fileHeaders('inline', `tickets-${displayCode(order.orderCode)}.pdf`))
    return reply.type('application/pdf').send(await writeTicketsPdf(order, tickets))
  })

  app.get('/orders/:public_id/event.ics', { schema: file('text/calendar', Calendar) }, async (request, reply) => {
    const { order } = await open(request)
    const url = `${shopUrl(config.baseUrl, order.subdomain)}/orders/${order.publicId}`
    reply.headers(fileHeaders('attachment', 'event.ics'))
    return reply.type('text/calendar; charset=utf-8').send(writeCalendar(order, url))
  })
}

function file<Body extends TSchema>(type: string, schema: Body) {
  return { params: OrderParams, produces: [type], response: { 200: { content: { [type]: { schema } } } } }
}

function fileHeaders(disposition: 'inline' | 'attachment', name: string): Record<string, string> {
  return { 'cache-control': 'no-store', 'content-disposition': `${disposition}; filename="${name}"` }
}
