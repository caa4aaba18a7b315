import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { findEvent } from '../events/queries.ts'
import type { Db } from '../platform/database.ts'
import { answerList, readPage } from '../platform/http/lists.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { archiveOrder } from './archive-order.ts'
import {
  countOrders,
  findOrder,
  listLines,
  listOrderIdsByReference,
  listOrders,
  listTickets,
  type OrderFilter,
  type OrderRow,
  readOrders,
} from './queries.ts'
import {
  Order,
  OrderDetail,
  OrderList,
  OrderQuery,
  presentItem,
  presentLine,
  presentOrder,
  RefParams,
} from './schema.ts'

export const orderRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, readers, searches, clock, config }) => {
  app.get(
    '/admin/orders',
    { schema: { querystring: OrderQuery, response: { 200: OrderList } }, config: { etag: true } },
    async (request, reply) => {
      const account = accountOf(request)
      const filter = await readFilter(db, account, request.query, clock())
      return answerList(reply, { readers, baseUrl: config.baseUrl }, readPage(request.query), {
        name: 'orders',
        present: presenter(account, config.baseUrl),
        positionOf: (row) => ({ at: row.paidAt, id: row.id }),
        page: (page) => listOrders(filter.words.length > 0 ? searches : db, account.id, filter, page),
        all: (tx) => readOrders(tx, account.id, filter),
        totals: (tx) => countOrders(tx, account.id, filter),
        presentStats: ({ count, amountMinor }) => ({
          order_count: count,
          revenue: money(amountMinor, account.currency),
        }),
      })
    },
  )

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

/** Throws 404 for an unknown `event_slug`. A `query` of "@slug" stands for that event. */
async function readFilter(
  db: Db,
  account: Account,
  query: Type.Static<typeof OrderQuery>,
  now: Date,
): Promise<OrderFilter> {
  const text = query.query?.trim() ?? ''
  const named = text.startsWith('@') ? await findEvent(db, account.id, text.slice(1).toLowerCase()) : undefined
  const event = query.event_slug === undefined ? named : await findEvent(db, account.id, query.event_slug)
  if (query.event_slug !== undefined && !event) throw notFound()
  const isOtherEvent = named !== undefined && event !== undefined && named.id !== event.id
  const words = named ? [] : text.split(/\s+/).filter(Boolean)
  return {
    period: readPeriod(query.period, now, account.timeZone),
    eventId: isOtherEvent ? noEvent : event?.id,
    words,
    orderIds: words.length > 0 ? await listOrderIdsByReference(db, account.id, text) : [],
    includeArchived: query.include_archived ?? false,
  }
}

/** No event has this id: two filters that name different events find nothing. */
const noEvent = -1
