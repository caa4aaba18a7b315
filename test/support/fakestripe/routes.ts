import type { Bank } from './bank.ts'
import { listCharges, retrieveCharge } from './charges.ts'
import { closeDispute, listDisputes, retrieveDispute, updateDispute } from './disputes.ts'
import { listEvents, retrieveEvent } from './events.ts'
import type { Form } from './form.ts'
import { cancel, capture, confirmIntent, createIntent, listIntents, retrieveIntent } from './payment-intents.ts'
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts'
import { createSession, expireSession, listSessions, retrieveSession } from './sessions.ts'
import { createEndpoint, deleteEndpoint, listEndpoints, retrieveEndpoint } from './webhook-endpoints.ts'

type Act = (bank: Bank, form: Form, id: string) => object

/** All of Stripe that this double knows. */
const table: [method: string, path: string, act: Act][] = [
  ['POST', '/v1/checkout/sessions', createSession],
  ['GET', '/v1/checkout/sessions', listSessions],
  ['GET', '/v1/checkout/sessions/:id', (bank, form, id) => retrieveSession(bank, id, form)],
  ['POST', '/v1/checkout/sessions/:id/expire', (bank, form, id) => expireSession(bank, id, form)],

  ['POST', '/v1/payment_intents', createIntent],
  ['GET', '/v1/payment_intents', listIntents],
  ['GET', '/v1/payment_intents/:id', (bank, form, id) => retrieveIntent(bank, id, form)],
  ['POST', '/v1/payment_intents/:id/confirm', (bank, form, id) => confirmIntent(bank, id, form)],
  ['POST', '/v1/payment_intents/:id/capture', (bank, form, id) => capture(bank, id, form)],
  ['POST', '/v1/payment_intents/:id/cancel', (bank, form, id) => cancel(bank, id, form)],

  ['GET', '/v1/charges', listCharges],
  ['GET', '/v1/charges/:id', (bank, form, id) => retrieveCharge(bank, id, form)],

  ['POST', '/v1/refunds', createRefund],
  ['GET', '/v1/refunds', listRefunds],
  ['GET', '/v1/refunds/:id', (bank, form, id) => retrieveRefund(bank, id, form)],

  ['GET', '/v1/disputes', listDisputes],
  ['GET', '/v1/disputes/:id', (bank, form, id) => retrieveDispute(bank, id, form)],
  ['POST', '/v1/disputes/:id', (bank, form, id) => updateDispute(bank, id, form)],
  ['POST', '/v1/disputes/:id/close', (bank, form, id) => closeDispute(bank, id, form)],

  ['GET', '/v1/events', listEvents],
  ['GET', '/v1/events/:id', (bank, form, id) => retrieveEvent(bank, id, form)],

  ['POST', '/v1/webhook_endpoints', createEndpoint],
  ['GET', '/v1/webhook_endpoints', listEndpoints],
  ['GET', '/v1/webhook_endpoints/:id', (bank, form, id) => retrieveEndpoint(bank, id, form)],
  ['DELETE', '/v1/webhook_endpoints/:id', (bank, _form, id) => deleteEndpoint(bank, id)],
]

const routes = table.map(([method, path, act]) => ({
  method,
  pattern: new RegExp(`^${path.replace(':id', '([\\w%.-]+)')}$`),
  act,
}))

/** The act that a request asks for; undefined where there is none. */
export function findRoute(method: string, path: string): { act: Act; id: string } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null
    if (match) return { act: route.act, id: decodeURIComponent(match[1] ?? '') }
  }
  return undefined
}
