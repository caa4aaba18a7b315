import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { notFound } from '../platform/refusal.ts'
import { archiveOrder } from './archive-order.ts'
import { findOrder, listLines, listTickets, type OrderRow } from './queries.ts'
import { Order, OrderDetail, presentItem, presentLine, presentOrder, RefParams } from './schema.ts'

export const orderRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock, config }) => {
  app.get(
    '/admin/orders/:ref',
    { schema: { params: RefParams, response: { 200: OrderDetail } }, config: { etag: true } },
    async (request) => {
      const account = accountOf(request)
      const order = await findOrder(db, account.id, request.params.ref)
      if (!order) throw notFound()
      const [lines, tickets] = await Promise.all([
        listLines(db, account.id, order.id),
        listTickets(db, account.id, order.id),
      ])
      return {
        ...presenter(account, config.baseUrl)(order),
        lines: lines.map((line) => presentLine(line, account.currency, order.paidAt)),
        items: tickets.map(presentItem),
      }
    },
  )

  for (const [method, isArchived] of [
    ['POST', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/admin/orders/:ref/archival',
      schema: { params: RefParams, response: { 200: Order } },
      handler: async (request) => {
        const account = accountOf(request)
        const order = await archiveOrder(db, account.id, request.params.ref, isArchived ? clock() : null)
        return presenter(account, config.baseUrl)(order)
      },
    })
  }
}

function presenter(account: Account, baseUrl: string) {
  const url = shopUrl(baseUrl, account.subdomain)
  return (row: OrderRow) => presentOrder(row, account.currency, url)
}
