import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { accountOf, type Bank, newId, nobody } from './bank.ts'
import { expanded } from './expansions.ts'
import { Failure } from './failure.ts'
import type { Fault } from './faults.ts'
import { type Form, parseForm, texts } from './form.ts'
import { freeKey, keepAnswer, type Question, takeKey } from './idempotency.ts'
import { findRoute } from './routes.ts'
import { doWhatIsDue } from './tasks.ts'
import { bankOf, type LoggedRequest, type World } from './world.ts'

interface Reply {
  status: number
  body: string
  headers: Record<string, string>
}

/** One request to Stripe's API, from its key to its answer, with whatever was scripted to go wrong with it. */
export async function answerApi(world: World, request: IncomingMessage, response: ServerResponse, body: string) {
  const { pathname, search } = new URL(request.url ?? '/', 'http://fakestripe')
  const method = request.method ?? 'GET'
  const fault = world.faults.takeFault(method, pathname)
  const key = method === 'POST' ? (request.headers['idempotency-key']?.toString() ?? '') : ''
  const entry = { method, path: pathname, idempotencyKey: key || null, status: 0, replayed: false, fault: null }
  const logged: LoggedRequest = { ...entry, fault: fault?.kind ?? null }
  world.requests.push(logged)
  const parameters = method === 'POST' ? body : search
  const reply = early(fault) ?? (await replyTo(world, request, { method, pathname, parameters, key, fault }))
  const headers = { 'stripe-version': request.headers['stripe-version']?.toString() ?? Stripe.API_VERSION }
  logged.replayed = 'idempotent-replayed' in reply.headers
  logged.status = send(response, { ...reply, headers: { ...headers, ...reply.headers } }, fault)
}

interface Asked {
  method: string
  pathname: string
  parameters: string
  key: string
  fault: Fault | undefined
}

async function replyTo(world: World, request: IncomingMessage, asked: Asked): Promise<Reply> {
  const requestId = newId('req')
  const headers = { 'request-id': requestId, ...(asked.key ? { 'idempotency-key': asked.key } : {}) }
  try {
    const bank = bankOf(world, accountOf(secretKey(request)))
    doWhatIsDue(bank)
    const form = parseForm(asked.parameters)
    const question = asked.key ? { key: asked.key, text: textOf(asked), requestId } : undefined
    const known = question && takeKey(bank, question)
    if (known) {
      const replayed = { 'idempotent-replayed': 'true', 'original-request': known.requestId }
      return {
        status: known.status,
        body: known.body,
        headers: { ...headers, ...retryAdvice(known.status), ...replayed },
      }
    }
    const { status, body } = await act(bank, asked, form, question, requestId)
    return { status, body, headers: { ...headers, ...retryAdvice(status) } }
  } catch (error) {
    const failure = asFailure(error)
    return { status: failure.status, body: written(failure.body), headers }
  }
}

/** Runs the act under its key, if it has one, and keeps the answer as Stripe would. */
async function act(bank: Bank, asked: Asked, form: Form, question: Question | undefined, requestId: string) {
  try {
    if (asked.fault?.latencyMs) await sleep(asked.fault.latencyMs)
    bank.cause = { id: requestId, idempotency_key: question?.key ?? null }
    const answer = { status: 200, body: written(perform(bank, asked, form)) }
    const kept = asked.fault?.kind === 'error_after' ? { status: 500, body: written(apiError) } : answer
    if (question) keepAnswer(bank, question, kept.status, kept.body)
    return kept
  } catch (error) {
    const failure = asFailure(error)
    if (question && failure.kept) keepAnswer(bank, question, failure.status, written(failure.body))
    if (question && !failure.kept) freeKey(bank, question.key)
    throw failure
  } finally {
    bank.cause = nobody
  }
}

function perform(bank: Bank, { method, pathname }: Asked, form: Form): object {
  const { expand, ...values } = form.values
  const route = findRoute(method, pathname)
  if (!route) {
    const message = `Unrecognized request URL (${method}: ${pathname}).`
    throw new Failure(404, { type: 'invalid_request_error', message }, false)
  }
  const paths = expand === undefined ? [] : texts(form, 'expand')
  return expanded(bank, route.act(bank, { at: '', values }, route.id), paths)
}

/** What goes wrong before anyone looks at the request. */
function early(fault: Fault | undefined): Reply | undefined {
  if (fault?.kind === 'error_before')
    return { status: 500, body: written(apiError), headers: { 'stripe-should-retry': 'true' } }
  if (fault?.kind === 'reset_before') return { status: 0, body: '', headers: {} }
  if (fault?.kind !== 'rate_limit') return undefined
  const message = 'Request rate limit exceeded.'
  const error = { type: 'invalid_request_error', code: 'rate_limit', message }
  return { status: 429, body: written({ error }), headers: { 'retry-after': String(fault.retryAfterSeconds ?? 1) } }
}

/** Sends the reply, or as much of it as the fault leaves; answers the status that the client could see. */
function send(response: ServerResponse, reply: Reply, fault: Fault | undefined): number {
  const { status, body, headers } = fault?.kind === 'error_after_forgotten' ? forgotten(reply) : reply
  if (fault?.kind === 'reset_before' || fault?.kind === 'reset_after') {
    response.socket?.resetAndDestroy()
    return 0
  }
  const content = fault?.kind === 'wrong_json' ? '<html><title>Bad gateway</title></html>' : body
  const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }
  response.writeHead(status, { ...headers, ...type })
  if (fault?.kind === 'half_body')
    response.write(content.slice(0, Math.floor(content.length / 2)), () => response.socket?.destroy())
  else response.end(content)
  return status
}

function forgotten({ headers }: Reply): Reply {
  return { status: 500, body: written(apiError), headers: { ...headers, 'stripe-should-retry': 'true' } }
}

function secretKey(request: IncomingMessage): string {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  const key = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().replace(/:.*$/s, '') : value
  if (/^(sk|rk)_test_\w+$/.test(key)) return key
  const message = key === '' ? 'You did not provide an API key.' : `Invalid API Key provided: ${key.slice(0, 8)}****`
  throw new Failure(401, { type: 'invalid_request_error', message }, false)
}

/** The same for the same parameters in any order. */
function textOf({ method, pathname, parameters }: Asked): string {
  const sorted = new URLSearchParams(parameters)
  sorted.sort()
  return `${method} ${pathname} ${sorted}`
}

/** A 500 that is remembered is not worth another try with the same key. */
function retryAdvice(status: number): Record<string, string> {
  return status >= 500 ? { 'stripe-should-retry': 'false' } : {}
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Failure(500, { type: 'api_error', message: `This double has a bug: ${message}` }, false)
}

const apiError = { error: { type: 'api_error', message: 'An unknown error occurred' } }

function written(body: object): string {
  return JSON.stringify(body, null, 2)
}
