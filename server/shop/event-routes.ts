import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { beginCheckout } from '../checkout/begin-checkout.ts'
import type { Deps } from '../config.ts'
import { notFound, Refusal } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { findEventView } from './event-view.ts'
import { explain } from './explain.ts'
import { textOf, textsOf } from './forms.ts'
import { eventListPage } from './pages/event-list-page.ts'
import { eventPage } from './pages/event-page.ts'
import type { Problems } from './pages/fields.ts'
import { imprintPage } from './pages/notice-page.ts'
import { listFeedEvents } from './queries.ts'
import { checkoutLink, link, openVisit, type Visit } from './visit.ts'

const constraints = { representation: 'html' }
const aMinute = 'public, max-age=60'

/** What is on, one event, and the form that begins an order. */
export const eventPageRoutes: FastifyPluginAsync<Deps> = async (app, deps) => {
  const { db, clock, config } = deps

  app.get('/events', { constraints, config: { etag: true } }, async (request, reply) => {
    const visit = await openVisit(db, config, request)
    const events = await listFeedEvents(db, visit.account.id, clock())
    return answerPage(reply.header('cache-control', aMinute), visit, eventListPage(visit, events), {
      frameOrigins: visit.settings.frameOrigins,
    })
  })

  app.get<{ Params: { slug: string } }>(
    '/events/:slug',
    { constraints, config: { etag: true } },
    async (request, reply) => {
      const visit = await openVisit(db, config, request)
      const view = await findEventView(deps, visit, request.params.slug)
      if (!view) throw notFound()
      const { frameOrigins } = visit.settings
      return answerPage(reply.header('cache-control', aMinute), visit, eventPage(visit, view), { frameOrigins })
    },
  )

  app.get('/imprint', { constraints }, async (request, reply) => {
    const visit = await openVisit(db, config, request)
    const { imprint, frameOrigins } = visit.settings
    if (imprint === null) throw notFound()
    return answerPage(reply, visit, imprintPage(visit, imprint), { frameOrigins })
  })

  app.post('/checkouts', { constraints }, async (request, reply) => {
    const visit = await openVisit(db, config, request)
    const { account, locale, carried } = visit
    const slug = textOf(request, 'event_slug')
    const items = readItems(request)
    const nothingChosen = { items: visit.words.nothingChosen }
    if (items.length === 0) return refuseTickets(deps, visit, request, reply, nothingChosen, 422)
    try {
      const input = { event_slug: slug, items, attribution: carried, promo_code: promoCodeOf(request, carried) }
      const holdMinutes = account.holdMinutes ?? config.holdMinutes
      const { publicId } = await beginCheckout(db, { ...account, locale }, input, clock(), holdMinutes)
      return reply.redirect(checkoutLink(visit, publicId), 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const isAboutCode = 'errors' in error.body && 'promo_code' in error.body.errors
      const problems: Problems = isAboutCode
        ? { promo_code: visit.words.errorPromoCode }
        : { items: explain(error, visit.words) }
      return refuseTickets(deps, visit, request, reply, problems, error.status)
    }
  })
}

/** As typed, or as the link brought it. */
function promoCodeOf(request: FastifyRequest, { promo = '' }: Visit['carried']): string {
  const fields = request.body as object | undefined // `readBody` has made it an object
  return fields && 'promo_code' in fields ? textOf(request, 'promo_code') : promo
}

function readItems(request: FastifyRequest): { ticket_id: number; quantity: number }[] {
  return Object.entries(textsOf(request, 'quantity_')).flatMap(([id, text]) => {
    const isNumber = /^[1-9]\d{0,8}$/.test(id) && /^[1-9]\d{0,3}$/.test(text.trim())
    return isNumber ? [{ ticket_id: Number(id), quantity: Number(text) }] : []
  })
}

/** The event's page again, with what was chosen and what stands in the way. */
async function refuseTickets(
  deps: Deps,
  visit: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  problems: Problems,
  status: number,
): Promise<FastifyReply> {
  const slug = textOf(request, 'event_slug')
  const view = await findEventView(deps, visit, slug)
  if (!view) throw notFound()
  const here = { ...visit, url: link(visit, `/events/${slug}`) }
  const promoCode = promoCodeOf(request, visit.carried)
  const page = eventPage(here, view, { quantities: textsOf(request, 'quantity_'), promoCode }, problems)
  return answerPage(reply.header('cache-control', 'no-store'), here, page, {
    status,
    frameOrigins: visit.settings.frameOrigins,
  })
}
