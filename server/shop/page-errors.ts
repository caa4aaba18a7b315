import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../config.ts'
import { answerError, describeError } from '../platform/http/errors.ts'
import { isAdmin, representation } from '../platform/http/representation.ts'
import { Refusal } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { explain } from './explain.ts'
import { noticePage } from './pages/notice-page.ts'
import { openVisit } from './visit.ts'

/** Answers an error with a page in the visitor's language; to programs, and where there is no shop to say it in, as JSON. */
export function answerErrorPage({ db, config }: Pick<Deps, 'db' | 'config'>) {
  return async (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const isForPeople = representation.deriveConstraint(request.raw) === 'html' && !isAdmin(request.url)
    if (!isForPeople) return answerError(error, request, reply)
    const { status, headers, body } = describeError(error, request)
    reply.headers({ ...headers, 'cache-control': 'no-store' })
    const visit = await openVisit(db, config, request).catch(() => undefined)
    if (!visit) return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
    const explanation = error instanceof Refusal && status === 409 ? explain(error, visit.words) : undefined
    return answerPage(reply, visit, noticePage(visit, status, explanation), {
      status,
      frameOrigins: visit.settings.frameOrigins,
    })
  }
}
