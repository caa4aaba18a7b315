import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { askAs, callersAccount, callersTimeZone } from '../accounts/ask-as.ts'
import { accountOf, demandCaller } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { eventBySlug, givenEvent } from '../events/event-by-slug.ts'
import { findEvent } from '../events/queries.ts'
import type { Totals } from '../platform/daily-totals.ts'
import type { Db, Pool, Tx } from '../platform/database.ts'
import { type Page, type PageOf, readPage, type Shown, sendCompleteList, sendPage } from '../platform/http/lists.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { sql } from '../platform/sql.ts'
import { archiveOrder } from './archive-order.ts'
import { countOrders, type OrderFilter, ordersPage, readOrders, searchOrders } from './list-queries.ts'
import { findOrder, listLines, listOrderIdsByReference, listTickets, type OrderRow } from './queries.ts'
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

type Query = Type.Static<typeof OrderQuery>

export const orderRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, readers, searches, clock, config }) => {
  app.get(
    '/admin/orders',
    { schema: { querystring: OrderQuery, response: { 200: OrderList } }, config: { etag: true, asksCaller: true } },
    async (request, reply) => {
      const { query } = request
      const page = readPage(query)
      const answer = (account: Account, found: PageOf<OrderRow>, { limit }: Page) =>
        sendPage(reply, config.baseUrl, limit, found, shown(account, config.baseUrl))
      if (page && !query.query?.trim()) {
        const { account, ...found } = await findPage(request, db, callersFilter(query, clock()), page, query.event_slug)
        return answer(account, found, page)
      }
      const { account } = await demandCaller(request, db)
      const filter = await readFilter(db, account, query, clock())
      if (page && filter.words.length > 0) return answer(account, await searchOrders(searches, filter, page), page)
      if (page) return answer(account, await findPage(request, db, filter, page), page)
      const whole = { all: (tx: Tx) => readOrders(tx, filter), totals: (tx: Tx) => countOrders(tx, filter) }
      return sendCompleteList(reply, readers, whole, shown(account, config.baseUrl))
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

function shown(account: Account, baseUrl: string): Shown<OrderRow> {
  return {
    name: 'orders',
    present: presenter(account, baseUrl),
    positionOf: (row) => ({ at: row.paidAt, id: row.id }),
    presentStats: ({ count, amountMinor }) => ({ order_count: count, revenue: money(amountMinor, account.currency) }),
  }
}

/** For a `Question`. */
function callersFilter(query: Query, now: Date): OrderFilter {
  return {
    accountId: callersAccount,
    period: readPeriod(query.period, now, callersTimeZone),
    eventId: query.event_slug === undefined ? undefined : eventBySlug,
    words: [],
    orderIds: [],
    includeArchived: query.include_archived ?? false,
  }
}

/** The page in one question. `slug` is what the filter calls `eventBySlug`. Throws 401, and 404 where that is unknown. */
async function findPage(request: FastifyRequest, db: Pool, filter: OrderFilter, page: Page, slug?: string) {
  const given = slug === undefined ? sql`` : givenEvent(slug)
  const question = { ...ordersPage(filter, page), given }
  const { account, rows, beside: totals } = await askAs<OrderRow, Totals>(request, db, question)
  if (!totals) throw notFound()
  return { account, rows, totals }
}

/** Throws 404 for an unknown `event_slug`. A `query` of "@slug" stands for that event. */
async function readFilter(db: Db, { id, timeZone }: Account, query: Query, now: Date): Promise<OrderFilter> {
  const text = query.query?.trim() ?? ''
  const named = text.startsWith('@') ? await findEvent(db, id, text.slice(1).toLowerCase()) : undefined
  const event = query.event_slug === undefined ? named : await findEvent(db, id, query.event_slug)
  if (query.event_slug !== undefined && !event) throw notFound()
  const isOtherEvent = named !== undefined && event !== undefined && named.id !== event.id
  const words = named ? [] : text.split(/\s+/).filter(Boolean)
  return {
    accountId: id,
    period: readPeriod(query.period, now, timeZone),
    eventId: isOtherEvent ? noEvent : event?.id,
    words,
    orderIds: words.length > 0 ? await listOrderIdsByReference(db, id, text) : [],
    includeArchived: query.include_archived ?? false,
  }
}

/** No event has this id: two filters that name different events find nothing. */
const noEvent = -1
