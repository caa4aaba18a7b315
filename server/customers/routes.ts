import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { type AccountSql, accountSql, callersAccount } from '../accounts/account-sql.ts'
import { askAs } from '../accounts/ask-as.ts'
import { accountOf, demandCaller } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { eventBySlug, givenEvent } from '../events/event-by-slug.ts'
import { findEvent } from '../events/queries.ts'
import type { OrderRow } from '../orders/queries.ts'
import { presentOrder } from '../orders/schema.ts'
import type { Totals } from '../platform/daily-totals.ts'
import type { Db, Pool, Tx } from '../platform/database.ts'
import { sendJson } from '../platform/http/json.ts'
import { type Page, readPage, type Shown, sendCompleteList, sendPage } from '../platform/http/lists.ts'
import { IdParams, readId } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { sql } from '../platform/sql.ts'
import { changeCustomer } from './change-customer.ts'
import { type CustomerFilter, countCustomers, customersPage, readCustomers, searchCustomers } from './list-queries.ts'
import { type CustomerRow, customerWithOrders } from './queries.ts'
import { Customer, CustomerChanges, CustomerDetail, CustomerList, CustomerQuery, presentCustomer } from './schema.ts'

type Query = Type.Static<typeof CustomerQuery>

export const customerRoutes: FastifyPluginAsyncTypebox<Deps> = async (
  app,
  { db, lookups, readers, searches, clock, config },
) => {
  app.get(
    '/admin/customers',
    {
      schema: { querystring: CustomerQuery, response: { 200: CustomerList } },
      config: { etag: true, asksCaller: true },
    },
    async (request, reply) => {
      const page = readPage(request.query)
      if (page && wordsOf(request.query).length === 0) {
        const { account, ...found } = await findPage(request, lookups, request.query, page, clock())
        return sendPage(reply, config.baseUrl, page.limit, found, shown(account))
      }
      const { account } = await demandCaller(request, db)
      const filter = await readFilter(db, account, request.query, clock())
      if (page) {
        const found = await searchCustomers(searches, filter, page)
        return sendPage(reply, config.baseUrl, page.limit, found, shown(account))
      }
      const whole = {
        all: (tx: Tx) => readCustomers(tx, filter),
        totals: (tx: Tx) => countCustomers(tx, filter),
      }
      return sendCompleteList(reply, readers, whole, shown(account))
    },
  )

  app.get(
    '/admin/customers/:id',
    { schema: { params: IdParams, response: { 200: CustomerDetail } }, config: { etag: true, asksCaller: true } },
    async (request, reply) => {
      const id = readId(request.params.id)
      if (!id) throw notFound()
      const found = await askAs<OrderRow, CustomerRow>(request, lookups, customerWithOrders(id))
      const { account, rows: orders, beside: customer, encoding } = found
      if (!customer) throw notFound()
      const url = shopUrl(config.baseUrl, account.subdomain)
      const shown = orders.map((order) => presentOrder(order, account.currency, url))
      return sendJson(reply, { ...presentCustomer(customer, account.currency), orders: shown }, encoding)
    },
  )

  app.patch(
    '/admin/customers/:id',
    {
      schema: { params: IdParams, body: CustomerChanges, response: { 200: Customer } },
      config: { singular: 'customer' },
    },
    async (request) => {
      const account = accountOf(request)
      const id = readId(request.params.id)
      if (!id) throw notFound()
      return presentCustomer(await changeCustomer(db, account.id, id, request.body, clock()), account.currency)
    },
  )
}

function shown({ currency }: Account): Shown<CustomerRow> {
  return {
    name: 'customers',
    present: (row) => presentCustomer(row, currency),
    positionOf: (row) => ({ at: row.createdAt, id: row.id }),
    presentStats: ({ count, amountMinor }) => ({ customer_count: count, total_spent: money(amountMinor, currency) }),
  }
}

function wordsOf(query: Query): string[] {
  return (query.query ?? '').split(/\s+/).filter(Boolean)
}

/** The page in one question. Throws 401, and 404 for an unknown `event_slug`. */
async function findPage(request: FastifyRequest, lookups: Pool, query: Query, page: Page, now: Date) {
  const slug = query.event_slug
  const question = customersPage(
    filterOf(query, now, callersAccount, slug === undefined ? undefined : eventBySlug),
    page,
  )
  const given = slug === undefined ? sql`` : givenEvent(slug)
  const {
    account,
    rows,
    beside: totals,
    encoding,
  } = await askAs<CustomerRow, Totals>(request, lookups, { ...question, given })
  if (!totals) throw notFound()
  return { account, rows, totals, encoding }
}

/** Throws 404 for an unknown `event_slug`. */
async function readFilter(db: Db, account: Account, query: Query, now: Date): Promise<CustomerFilter> {
  const event = query.event_slug === undefined ? undefined : await findEvent(db, account.id, query.event_slug)
  if (query.event_slug !== undefined && !event) throw notFound()
  return filterOf(query, now, accountSql(account), event?.id)
}

function filterOf(query: Query, now: Date, account: AccountSql, eventId: CustomerFilter['eventId']): CustomerFilter {
  return {
    account,
    eventId,
    period: readPeriod(query.period, now, account.timeZone),
    words: wordsOf(query),
    marketingOnly: query.marketing_only ?? false,
  }
}
