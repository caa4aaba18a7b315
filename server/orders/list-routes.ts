import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { type AccountSql, accountSql, callersAccount } from '../accounts/account-sql.ts'
import { askAs } from '../accounts/ask-as.ts'
import { demandCaller } from '../accounts/authenticate.ts'
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
import { countOrders, type OrderFilter, ordersPage, readOrders, searchOrders } from './list-queries.ts'
import { listOrderIdsByReference, type OrderRow } from './queries.ts'
import { OrderList, OrderQuery, presentOrder } from './schema.ts'

type Query = Type.Static<typeof OrderQuery>

export const orderListRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, lookups, readers, searches, clock, config } = deps
  app.get(
    '/admin/orders',
    { schema: { querystring: OrderQuery, response: { 200: OrderList } }, config: { etag: true, asksCaller: true } },
    async (request, reply) => {
      const { query } = request
      const page = readPage(query)
      const send = (account: Account, found: PageOf<OrderRow>, { limit }: Page) =>
        sendPage(reply, config.baseUrl, limit, found, shown(account, config.baseUrl))
      if (page && !query.query?.trim()) {
        const filter = callersFilter(query, clock())
        const { account, ...found } = await findPage(request, lookups, filter, page, query.event_slug)
        return send(account, found, page)
      }
      const { account } = await demandCaller(request, db)
      const filter = await readFilter(db, account, query, clock())
      if (page && filter.words.length > 0) return send(account, await searchOrders(searches, filter, page), page)
      if (page) return send(account, await findPage(request, lookups, filter, page), page)
      const whole = { all: (tx: Tx) => readOrders(tx, filter), totals: (tx: Tx) => countOrders(tx, filter) }
      return sendCompleteList(reply, readers, whole, shown(account, config.baseUrl))
    },
  )
}

function shown({ currency, subdomain }: Account, baseUrl: string): Shown<OrderRow> {
  const url = shopUrl(baseUrl, subdomain)
  return {
    name: 'orders',
    present: (row) => presentOrder(row, currency, url),
    positionOf: (row) => ({ at: row.paidAt, id: row.id }),
    presentStats: ({ count, amountMinor }) => ({ order_count: count, revenue: money(amountMinor, currency) }),
  }
}

/** The page in one question. `slug` is what the filter calls `eventBySlug`. Throws 401, and 404 where that is unknown. */
async function findPage(request: FastifyRequest, lookups: Pool, filter: OrderFilter, page: Page, slug?: string) {
  const given = slug === undefined ? sql`` : givenEvent(slug)
  const question = { ...ordersPage(filter, page), given }
  const { account, rows, beside: totals, encoding } = await askAs<OrderRow, Totals>(request, lookups, question)
  if (!totals) throw notFound()
  return { account, rows, totals, encoding }
}

function plainFilter(query: Query, now: Date, account: AccountSql): OrderFilter {
  return {
    ...{ account, eventId: undefined, words: [], orderIds: [] },
    period: readPeriod(query.period, now, account.timeZone),
    includeArchived: query.include_archived ?? false,
  }
}

/** For a `Question`. */
function callersFilter(query: Query, now: Date): OrderFilter {
  const eventId = query.event_slug === undefined ? undefined : eventBySlug
  return { ...plainFilter(query, now, callersAccount), eventId }
}

/** Throws 404 for an unknown `event_slug`. A `query` of "@slug" stands for that event. */
async function readFilter(db: Db, account: Account, query: Query, now: Date): Promise<OrderFilter> {
  const text = query.query?.trim() ?? ''
  const named = text.startsWith('@') ? await findEvent(db, account.id, text.slice(1).toLowerCase()) : undefined
  const event = query.event_slug === undefined ? named : await findEvent(db, account.id, query.event_slug)
  if (query.event_slug !== undefined && !event) throw notFound()
  const isOtherEvent = named !== undefined && event !== undefined && named.id !== event.id
  const words = named ? [] : text.split(/\s+/).filter(Boolean)
  return {
    ...plainFilter(query, now, accountSql(account)),
    eventId: isOtherEvent ? noEvent : event?.id,
    words,
    orderIds: words.length > 0 ? await listOrderIdsByReference(db, account.id, text) : [],
  }
}

/** No event has this id: two filters that name different events find nothing. */
const noEvent = -1
