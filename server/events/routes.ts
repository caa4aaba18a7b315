import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accountOf, askerOf } from '../accounts/authenticate.ts'
import type { Deps } from '../config.ts'
import { type Db, transaction, violatedConstraint } from '../platform/database.ts'
import { answerOnce } from '../platform/http/idempotency.ts'
import { ErrorsBody, IdParams, readId, SlugParams } from '../platform/http/shapes.ts'
import { conflict, notFound } from '../platform/refusal.ts'
import { deleteEvent, deleteVenue, findEvent, listEventsOfVenue, listVenues, updateEventPublished } from './queries.ts'
import { changeEvent, createEvent } from './save-event.ts'
import { changeVenue, createVenue } from './save-venue.ts'
import {
  Event,
  EventChanges,
  EventInput,
  presentEvent,
  presentVenue,
  Venue,
  VenueChanges,
  VenueInput,
  VenueList,
  VenueWithEvents,
} from './schema.ts'

export const venueRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock }) => {
  app.get('/admin/venues', { schema: { response: { 200: VenueList } } }, async (request) => {
    const venues = await listVenues(db, accountOf(request).id)
    return { venues: venues.map(presentVenue) }
  })

  app.post(
    '/admin/venues',
    { schema: { body: VenueInput, response: { 201: Venue } }, config: { singular: 'venue' } },
    async (request, reply) => {
      return answerOnce(request, reply, db, askerOf(request, clock()), async (db) => {
        const venue = await createVenue(db, accountOf(request), request.body)
        return { status: 201, location: `/admin/venues/${venue.id}.json`, body: presentVenue(venue) }
      })
    },
  )

  app.get(
    '/admin/venues/:id',
    { schema: { params: IdParams, response: { 200: VenueWithEvents } } },
    async (request) => {
      const { id: accountId } = accountOf(request)
      const id = readId(request.params.id)
      const [venue] = id ? await listVenues(db, accountId, id) : []
      if (!venue) throw notFound()
      const events = await listEventsOfVenue(db, accountId, venue.id)
      return { ...presentVenue(venue), events: events.map(presentEvent) }
    },
  )

  app.patch(
    '/admin/venues/:id',
    { schema: { params: IdParams, body: VenueChanges, response: { 200: Venue } }, config: { singular: 'venue' } },
    async (request) => {
      const id = readId(request.params.id)
      if (!id) throw notFound()
      return presentVenue(await changeVenue(db, accountOf(request), id, request.body))
    },
  )

  app.delete(
    '/admin/venues/:id',
    { schema: { params: IdParams, response: { 204: Type.Null(), 409: ErrorsBody } } },
    async (request, reply) => {
      const id = readId(request.params.id)
      const deleted =
        id !== undefined &&
        (await deleteVenue(db, accountOf(request).id, id).catch(refuseInUse('The venue has events')))
      if (!deleted) throw notFound()
      return reply.code(204).send(null)
    },
  )
}

export const eventRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, clock }) => {
  app.post(
    '/admin/events',
    { schema: { body: EventInput, response: { 201: Event } }, config: { singular: 'event' } },
    async (request, reply) => {
      return answerOnce(request, reply, db, askerOf(request, clock()), async (db) => {
        const event = await createEvent(db, accountOf(request).id, request.body, clock())
        return { status: 201, location: `/admin/events/${event.slug}.json`, body: presentEvent(event) }
      })
    },
  )

  app.patch(
    '/admin/events/:slug',
    { schema: { params: SlugParams, body: EventChanges, response: { 200: Event } }, config: { singular: 'event' } },
    async (request) => presentEvent(await changeEvent(db, accountOf(request).id, request.params.slug, request.body)),
  )

  app.delete(
    '/admin/events/:slug',
    { schema: { params: SlugParams, response: { 204: Type.Null(), 409: ErrorsBody } } },
    async (request, reply) => {
      const { id: accountId } = accountOf(request)
      const event = await findEvent(db, accountId, request.params.slug)
      if (!event) throw notFound()
      await transaction(db, (tx) => deleteEvent(tx, accountId, event.id)).catch(refuseInUse('The event has orders'))
      return reply.code(204).send(null)
    },
  )

  const publish = async (db: Db, accountId: number, slug: string, published: boolean) => {
    const event = await findEvent(db, accountId, slug)
    if (!event) throw notFound()
    await updateEventPublished(db, accountId, event.id, published)
    return presentEvent({ ...event, published })
  }
  const publication = { params: SlugParams, response: { 200: Event } }

  app.post('/admin/events/:slug/publication', { schema: publication }, async (request, reply) =>
    answerOnce(request, reply, db, askerOf(request, clock()), async (db) => ({
      status: 200,
      body: await publish(db, accountOf(request).id, request.params.slug, true),
    })),
  )

  app.delete('/admin/events/:slug/publication', { schema: publication }, async (request) =>
    publish(db, accountOf(request).id, request.params.slug, false),
  )
}

function refuseInUse(message: string) {
  return (error: unknown): never => {
    if (violatedConstraint(error)?.endsWith('_fkey')) throw conflict(message)
    throw error
  }
}
