import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from '../platform/database.ts'
import { answerError } from '../platform/http/errors.ts'
import type { Asker } from '../platform/http/idempotency.ts'
import { bearerOf, wantsHtml } from '../platform/http/representation.ts'
import { Refusal, unauthorized } from '../platform/refusal.ts'
import type { Account, Caller } from './account.ts'
import type { GoodTokens } from './good-tokens.ts'
import { findCaller } from './queries.ts'
import { hashToken, looksLikeToken } from './token.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a token that is good, or was when it was last looked up. */
    tokenId: number | undefined
    tokenHash: Buffer | undefined
    /** Who is asking, as the database said for this request. */
    caller: Caller | undefined
  }
  interface FastifyContextConfig {
    /** The route, a GET, finds out by itself who is calling: by `askAs`, or by `demandCaller` before anything else. */
    asksCaller?: boolean
  }
}

/** An onRequest hook: finds out who is asking, in the database each time, so that a revoked token ends at once. */
export function identify(db: Pool, goodTokens: GoodTokens) {
  return async (request: FastifyRequest): Promise<void> => {
    const token = bearerOf(request)
    if (token === undefined || !looksLikeToken(token)) return
    const hash = hashToken(token)
    request.tokenHash = hash
    request.tokenId = goodTokens.find(hash)
    if (request.tokenId !== undefined && request.routeOptions.config.asksCaller) return
    request.caller = await findCaller(db, hash)
    request.tokenId = request.caller?.token.id
    if (request.tokenId !== undefined) goodTokens.note(hash, request.tokenId)
  }
}

/**
 * An onRequest hook for `/admin`: 401 without a good token, and for a read token on anything but GET and HEAD
 * (contract 1.1). Until there is a dashboard, a browser is told how to get a token.
 */
export async function demandToken(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (wantsHtml(request)) return reply.code(404).type('text/html; charset=utf-8').send(noDashboardPage)
  reply.header('cache-control', 'no-store')
  if (request.tokenId === undefined) throw noGoodToken()
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead && callerOf(request).token.permission === 'read') throw unauthorized('This API token may only read')
}

/** Who is calling, for a route that finds out by itself. Throws 401. */
export async function demandCaller(request: FastifyRequest, db: Pool): Promise<Caller> {
  request.caller ??= request.tokenHash && (await findCaller(db, request.tokenHash))
  if (!request.caller) throw noGoodToken()
  return request.caller
}

/** An error handler for `/admin`: only who may ask at all is told what is wrong with the question. */
export function answerErrorToCaller(db: Pool) {
  return async (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const isAboutTheQuestion =
      error instanceof Refusal ? error.status === 404 || error.status === 422 : error.validation
    if (isAboutTheQuestion && request.routeOptions.config.asksCaller) await demandCaller(request, db)
    return answerError(error, request, reply)
  }
}

export function noGoodToken(): Refusal {
  return unauthorized('The API token is missing or not valid')
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('callerOf() behind a route that demands no token')
  return request.caller
}

export function accountOf(request: FastifyRequest): Account {
  return callerOf(request).account
}

/** The caller as `answerOnce` wants to know them. */
export function askerOf(request: FastifyRequest, now: Date): Asker {
  const { account, token } = callerOf(request)
  return { accountId: account.id, permission: token.permission, now }
}

const noDashboardPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Foyer</title>
<h1>There is no dashboard yet</h1>
<p>Make an account and an API token on the server's command line:</p>
<pre>npx foyer account create --name "My Club" --subdomain my-club --owner-email me@example.com
npx foyer token create --account my-club --description "My CRM" --permission read</pre>
<p>Then ask with the token: <code>curl -H "Authorization: Bearer …" -H "Accept: application/json" …/admin/customers</code></p>
</html>
`
