import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Deps } from '../config.ts'
import { withdrawConsent } from '../customers/withdraw-consent.ts'
import { resendTickets } from '../letters/resend-tickets.ts'
import { nameAttendees } from '../orders/name-attendees.ts'
import { Refusal } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { explain } from './explain.ts'
import { textsOf } from './forms.ts'
import { openOrderVisit } from './order-view.ts'
import type { Problems } from './pages/fields.ts'
import { orderPage } from './pages/order-page.ts'
import { orderLink, type Visit } from './visit.ts'

const constraints = { representation: 'html' }
type Params = { Params: { public_id: string } }

/** The buyer's own page: whoever knows its address may see and do all that is on it. */
export const orderPageRoutes: FastifyPluginAsync<Deps> = async (app, deps) => {
  const { db, clock } = deps
  const open = (request: FastifyRequest<Params>) => openOrderVisit(deps, request, request.params.public_id)

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

  app.post<Params>('/orders/:public_id/tickets-mail', { constraints }, async (request, reply) => {
    const { visit, view } = await open(request)
    const { publicId } = view.order
    try {
      await resendTickets(db, visit.account.id, publicId, clock())
      return reply.redirect(orderLink(visit, publicId, '', { done: 'sent' }), 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const here = { ...visit, url: orderLink(visit, publicId) }
      const refused = { ...view, refusal: explain(error, visit.words) }
      return answerPage(reply.headers(error.headers), here, orderPage(here, refused), { status: error.status })
    }
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
