import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { askAs } from '../accounts/ask-as.ts'
import { accountOf } from '../accounts/authenticate.ts'
import type { Deps } from '../config.ts'
import { listPastEvents, listUpcomingEvents } from '../events/queries.ts'
import { presentEvent } from '../events/schema.ts'
import { readDailyTotals } from '../platform/daily-totals.ts'
import { sendJson } from '../platform/http/json.ts'
import { SlugParams } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { EventList, EventListQuery, EventWithSales, presentStats, presentTicketSales } from './event-sales.ts'
import { type EventOnSale, eventSales, orderSubjects, type TicketTypeSales } from './sales-queries.ts'

export const eventSalesRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, lookups, clock }) => {
  app.get(
    '/admin/events',
    { schema: { querystring: EventListQuery, response: { 200: EventList } } },
    async (request) => {
      const { id: accountId, currency, timeZone } = accountOf(request)
      const now = clock()
      const period = readPeriod(request.query.period, now, timeZone)
      const [upcoming, past, orders, tickets] = await Promise.all([
        listUpcomingEvents(db, accountId, now),
        listPastEvents(db, accountId, now, period),
        readDailyTotals(db, { accountId, subjects: orderSubjects, eventId: 0, period }),
        readDailyTotals(db, { accountId, subjects: ['tickets'], eventId: 0, period }),
      ])
      return {
        upcoming_events: upcoming.map(presentEvent),
        past_events: past.map(presentEvent),
        stats: {
          upcoming_count: upcoming.length,
          revenue: money(orders.amountMinor, currency),
          tickets_sold: tickets.count,
        },
      }
    },
  )

  app.get(
    '/admin/events/:slug',
    { schema: { params: SlugParams, response: { 200: EventWithSales } }, config: { etag: true, asksCaller: true } },
    async (request, reply) => {
      const question = eventSales(request.params.slug, clock())
      const {
        account,
        rows,
        beside: event,
        encoding,
      } = await askAs<TicketTypeSales, EventOnSale>(request, lookups, question)
      if (!event) throw notFound()
      const { faq, ...fields } = presentEvent(event)
      const stats = presentStats(event, account.currency)
      const breakdown = rows.map((type) => presentTicketSales(type, account.currency))
      return sendJson(reply, { ...fields, stats, tickets_breakdown: breakdown, faq }, encoding)
    },
  )
}
