import type { FastifyPluginAsync } from 'fastify'
import type { Deps } from '../config.ts'
import { isMailboxOpen } from '../letters/mailbox-routes.ts'
import { askForOrderLinks } from '../letters/send-order-links.ts'
import { Refusal } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { textOf } from './forms.ts'
import { lostTicketsPage } from './pages/lost-tickets-page.ts'
import { link, openVisit } from './visit.ts'

const constraints = { representation: 'html' }

/** For whoever lost the mail: the links to their orders, sent again. The page never tells whether an address is known. */
export const lostTicketsRoutes: FastifyPluginAsync<Deps> = async (app, { db, config }) => {
  app.get('/lost-tickets', { constraints }, async (request, reply) => {
    const visit = await openVisit(db, config, request)
    const { done } = request.query as Record<string, unknown> // what parseQueryString made
    const asked = done !== 'asked' ? undefined : isMailboxOpen(config) ? 'shown' : 'sent'
    const { frameOrigins } = visit.settings
    return answerPage(reply, visit, lostTicketsPage(visit, { asked }), { frameOrigins })
  })

  app.post('/lost-tickets', { constraints }, async (request, reply) => {
    const visit = await openVisit(db, config, request)
    const email = textOf(request, 'email')
    try {
      await askForOrderLinks(db, visit.account.id, email)
      return reply.redirect(link(visit, '/lost-tickets', { done: 'asked' }), 303)
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 422)) throw error
      const problems = { email: email.trim() === '' ? visit.words.errorBlank : visit.words.errorEmail }
      const page = lostTicketsPage(visit, { typed: email, problems })
      return answerPage(reply, visit, page, { status: 422, frameOrigins: visit.settings.frameOrigins })
    }
  })
}
