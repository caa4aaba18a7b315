import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accountOf } from '../accounts/authenticate.ts'
import type { Deps } from '../config.ts'
import { findEvent, listPastEvents, listUpcomingEvents } from '../events/queries.ts'
import { presentEvent } from '../events/schema.ts'
import { readDailyTotals } from '../platform/daily-totals.ts'
import { SlugParams } from '../platform/http/shapes.ts'
import { money } from '../platform/money.ts'
import { readPeriod } from '../platform/period.ts'
import { notFound } from '../platform/refusal.ts'
import { EventList, EventListQuery, EventWithSales, presentStats, presentTicketSales } from './event-sales.ts'
import { findEventSales, listTicketTypeSales } from './sales-queries.ts'

const orderSubjects = ['orders', 'archived_orders']

export const eventSalesRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock }) => {
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
        readDailyTotals(db, accountId, { subjects: orderSubjects, eventId: 0, period }),
        readDailyTotals(db, accountId, { subjects: ['tickets'], eventId: 0, period }),
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
    { schema: { params: SlugParams, response: { 200: EventWithSales } }, config: { etag: true } },
    async (request) => {
      const { id: accountId, currency } = accountOf(request)
      const event = await findEvent(db, accountId, request.params.slug)
      if (!event) throw notFound()
      const [sales, types, orders] = await Promise.all([
        findEventSales(db, accountId, event.id, clock()),
        listTicketTypeSales(db, accountId, event.id),
        readDailyTotals(db, accountId, { subjects: orderSubjects, eventId: event.id, period: undefined }),
      ])
      const { faq, ...fields } = presentEvent(event)
      return {
        ...fields,
        stats: presentStats(sales, orders, event.capacity, currency),
        tickets_breakdown: types.map((type) => presentTicketSales(type, currency)),
        faq,
      }
    },
  )
}
