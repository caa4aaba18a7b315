import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accountOf, askerOf } from '../accounts/authenticate.ts'
import type { Deps } from '../config.ts'
import { findEvent } from '../events/queries.ts'
import { Event, presentEvent } from '../events/schema.ts'
import type { Db } from '../platform/database.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { OneOf, readId, SlugParams } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { duplicateEvent } from './duplicate-event.ts'
import { listTicketTypes } from './queries.ts'
import { changeTicketType, createTicketType, findTicketType } from './save-ticket-type.ts'
import { presentTicket, Ticket, TicketChanges, TicketInput, TicketList } from './schema.ts'

const TicketParams = Type.Object({ slug: Type.String(), id: Type.String() })
const ListQuery = Type.Object({ filter: Type.Optional(OneOf(['archived'])) })

export const ticketRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock }) => {
  const findOwnEvent = async (db: Db, accountId: number, slug: string) => {
    const event = await findEvent(db, accountId, slug)
    if (!event) throw notFound()
    return event
  }

  app.post(
    '/admin/events/:slug/duplication',
    { schema: { params: SlugParams, response: { 201: Event } } },
    async (request, reply) => {
      return answerOnce(request, reply, db, askerOf(request, clock()), async (db) => {
        const copy = await duplicateEvent(db, accountOf(request).id, request.params.slug, clock())
        return { status: 201, location: `/admin/events/${copy.slug}.json`, body: presentEvent(copy) }
      })
    },
  )

  app.get(
    '/admin/events/:slug/tickets',
    { schema: { params: SlugParams, querystring: ListQuery, response: { 200: TicketList } } },
    async (request) => {
      const account = accountOf(request)
      const { id, slug, title } = await findOwnEvent(db, account.id, request.params.slug)
      const states = request.query.filter === 'archived' ? (['archived'] as const) : (['active', 'hidden'] as const)
      const types = await listTicketTypes(db, account.id, id, [...states], clock())
      return { event: { id, slug, title }, tickets: types.map((type) => presentTicket(type, account.currency)) }
    },
  )

  app.post(
    '/admin/events/:slug/standard_tickets',
    {
      schema: { params: SlugParams, body: TicketInput, response: { 201: Ticket } },
      config: { singular: 'standard_ticket' },
    },
    async (request, reply) => {
      const account = accountOf(request)
      return answerOnce(request, reply, db, askerOf(request, clock()), async (db) => {
        const event = await findOwnEvent(db, account.id, request.params.slug)
        const type = await createTicketType(db, account, event.id, request.body, clock())
        const location = `/admin/events/${event.slug}/tickets/${type.id}.json`
        return { status: 201, location, body: presentTicket(type, account.currency) }
      })
    },
  )

  app.get(
    '/admin/events/:slug/tickets/:id',
    { schema: { params: TicketParams, response: { 200: Ticket } } },
    async (request) => {
      const account = accountOf(request)
      const event = await findOwnEvent(db, account.id, request.params.slug)
      const type = await findTicketType(db, account.id, event.id, readId(request.params.id) ?? 0, clock())
      return presentTicket(type, account.currency)
    },
  )

  for (const [collection, singular] of [
    ['tickets', 'ticket'],
    ['standard_tickets', 'standard_ticket'],
  ] as const) {
    app.patch(
      `/admin/events/:slug/${collection}/:id`,
      { schema: { params: TicketParams, body: TicketChanges, response: { 200: Ticket } }, config: { singular } },
      async (request) => {
        const account = accountOf(request)
        const event = await findOwnEvent(db, account.id, request.params.slug)
        const id = readId(request.params.id) ?? 0
        return presentTicket(await changeTicketType(db, account, event.id, id, request.body, clock()), account.currency)
      },
    )
  }

  app.delete(
    '/admin/events/:slug/tickets/:id',
    { schema: { params: TicketParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const account = accountOf(request)
      const event = await findOwnEvent(db, account.id, request.params.slug)
      await changeTicketType(db, account, event.id, readId(request.params.id) ?? 0, { state: 'archived' }, clock())
      return reply.code(204).send(null)
    },
  )
}
