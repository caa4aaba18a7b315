import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Type } from 'typebox'
import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/authenticate.ts'
import { shopUrl } from '../accounts/shop-address.ts'
import type { Deps } from '../config.ts'
import { findEvent } from '../events/queries.ts'
import { listOrdersOfCustomer } from '../orders/queries.ts'
import { presentOrder } from '../orders/schema.ts'
import type { Db } from '../platform/database.ts'
import { answerList, readPage } from '../platform/http/lists.ts'
import { IdParams, readId } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { changeCustomer } from './change-customer.ts'
import {
  type CustomerFilter,
  type CustomerRow,
  countCustomers,
  findCustomer,
  listCustomers,
  readCustomers,
} from './queries.ts'
import { Customer, CustomerChanges, CustomerDetail, CustomerList, CustomerQuery, presentCustomer } from './schema.ts'

export const customerRoutes: FastifyPluginAsyncTypebox<Deps> = async (
  app,
  { db, readers, searches, clock, config },
) => {
  app.get(
    '/admin/customers',
    { schema: { querystring: CustomerQuery, response: { 200: CustomerList } }, config: { etag: true } },
    async (request, reply) => {
      const account = accountOf(request)
      const filter = await readFilter(db, account, request.query, clock())
      return answerList(reply, { readers, baseUrl: config.baseUrl }, readPage(request.query), {
        name: 'customers',
        present: (row: CustomerRow) => presentCustomer(row, account.currency),
        positionOf: (row) => ({ at: row.createdAt, id: row.id }),
        page: (page) => listCustomers(filter.words.length > 0 ? searches : db, account.id, filter, page),
        all: (tx) => readCustomers(tx, account.id, filter),
        totals: (tx) => countCustomers(tx, account.id, filter),
        presentStats: ({ count, amountMinor }) => ({
          customer_count: count,
          total_spent: money(amountMinor, account.currency),
        }),
      })
    },
  )

  app.get(
    '/admin/customers/:id',
    { schema: { params: IdParams, response: { 200: CustomerDetail } }, config: { etag: true } },
    async (request) => {
      const account = accountOf(request)
      const id = readId(request.params.id)
      if (!id) throw notFound()
      const [customer, orders] = await Promise.all([
        findCustomer(db, account.id, id),
        listOrdersOfCustomer(db, account.id, id),
      ])
      if (!customer) throw notFound()
      const url = shopUrl(config.baseUrl, account.subdomain)
      return {
        ...presentCustomer(customer, account.currency),
        orders: orders.map((order) => presentOrder(order, account.currency, url)),
      }
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

/** Throws 404 for an unknown `event_slug`. */
async function readFilter(
  db: Db,
  account: Account,
  query: Type.Static<typeof CustomerQuery>,
  now: Date,
): Promise<CustomerFilter> {
  const event = query.event_slug === undefined ? undefined : await findEvent(db, account.id, query.event_slug)
  if (query.event_slug !== undefined && !event) throw notFound()
  return {
    period: readPeriod(query.period, now, account.timeZone),
    eventId: event?.id,
    words: (query.query ?? '').split(/\s+/).filter(Boolean),
    marketingOnly: query.marketing_only ?? false,
  }
}
