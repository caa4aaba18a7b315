import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Deps } from '../config.ts'
import { withdrawConsent } from '../customers/withdraw-consent.ts'
import { listInvoices } from '../orders/invoices/queries.ts'
import { nameAttendees } from '../orders/name-attendees.ts'
import { findOrder, listLines, listTickets } from '../orders/queries.ts'
import { notFound } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { textsOf } from './forms.ts'
import type { Problems } from './pages/fields.ts'
import { type OrderView, orderPage } from './pages/order-page.ts'
import { findOrderSurroundings, type OrderSurroundings } from './queries.ts'
import { inLocaleOf, openVisit, orderLink, type Visit } from './visit.ts'

const constraints = { representation: 'html' }
type Params = { Params: { public_id: string } }

interface OrderVisit {
  visit: Visit
  view: OrderView
  around: OrderSurroundings
}

/** The buyer's own page: whoever knows its address may see and do all that is on it. */
export const orderPageRoutes: FastifyPluginAsync<Deps> = async (app, { db, clock, config }) => {
  async function open(request: FastifyRequest<Params>): Promise<OrderVisit> {
    const visit = await openVisit(db, config, request)
    const { id } = visit.account
    const order = await findOrder(db, id, request.params.public_id)
    // The short code is for people at a till: it opens nothing.
    if (order?.publicId !== request.params.public_id) throw notFound()
    const [lines, tickets, around, invoices] = await Promise.all([
      listLines(db, id, order.id),
      listTickets(db, id, order.id),
      findOrderSurroundings(db, id, order.id),
      listInvoices(db, id, order.id),
    ])
    const { done } = request.query as Record<string, unknown> // what parseQueryString made
    const view = {
      ...{ order, lines, tickets, invoices },
      eventTitle: around.title,
      starts: { at: around.startsAt, timeZone: around.timeZone },
      consentStands: around.consentStands,
      done: (['paid', 'names', 'withdrawn'] as const).find((word) => word === done),
    }
    return { visit: around.locale === null ? visit : inLocaleOf(visit, around.locale), view, around }
  }

  app.get<Params>('/orders/:public_id', { constraints }, async (request, reply) => {
    const { visit, view } = await open(request)
    return answerPage(reply, visit, orderPage(visit, view))
  })

  app.post<Params>('/orders/:public_id/attendees', { constraints }, async (request, reply) => {
    const { visit, view } = await open(request)
    const names = textsOf(request, 'attendee_')
    const problems = findProblems(names, visit)
    const { publicId, id } = view.order
    if (Object.keys(problems).length > 0) {
      const here = { ...visit, url: orderLink(visit, publicId) }
      return answerPage(reply, here, orderPage(here, view, names, problems), { status: 422 })
    }
    await nameAttendees(db, visit.account.id, id, names)
    return reply.redirect(orderLink(visit, publicId, '', { done: 'names' }), 303)
  })

  app.post<Params>('/orders/:public_id/consent-withdrawal', { constraints }, async (request, reply) => {
    const { visit, view, around } = await open(request)
    await withdrawConsent(db, visit.account.id, around.customerId, clock())
    return reply.redirect(orderLink(visit, view.order.publicId, '', { done: 'withdrawn' }), 303)
  })
}

function findProblems(names: Record<string, string>, { words }: Visit): Problems {
  const problems: Problems = {}
  for (const [ticket, name] of Object.entries(names)) {
    if (name.trim().length > 255) problems[`attendee_${ticket}`] = words.errorTooLong(255)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    else if (/[\u0000-\u001f\u007f-\u009f]/.test(name.trim())) problems[`attendee_${ticket}`] = words.errorInvalid
  }
  return problems
}
