import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'
import { type Bank, type EndpointRecord, newId } from './bank.ts'
import { badParameter, missing } from './failure.ts'
import { type Form, metadata, refuseMissing, refuseUnknown, requiredText, text, texts } from './form.ts'
import { listParameters, page } from './lists.ts'

/** Registers an endpoint; only this answer shows its secret. */
export function createEndpoint(bank: Bank, form: Form): Stripe.WebhookEndpoint {
  refuseUnknown(form, ['url', 'enabled_events', 'description', 'metadata', 'api_version', 'connect'])
  const url = requiredText(form, 'url')
  if (!URL.canParse(url)) throw badParameter('url', 'Not a valid URL', 'url_invalid')
  const types = texts(form, 'enabled_events')
  if (types.length === 0) refuseMissing(form, 'enabled_events')
  const { endpoint, secret } = registerEndpoint(bank, url, `whsec_${randomBytes(24).toString('hex')}`, types)
  const described = { ...endpoint, description: text(form, 'description') ?? null, metadata: metadata(form) }
  bank.endpoints.put({ id: endpoint.id, endpoint: described, secret })
  return { ...described, secret }
}

/** The same with a secret that is known before. */
export function registerEndpoint(bank: Bank, url: string, secret: string, types: string[]): EndpointRecord {
  const id = newId('we')
  const endpoint: Stripe.WebhookEndpoint = {
    id,
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: bank.surroundings.now(),
    description: null,
    enabled_events: types,
    livemode: false,
    metadata: {},
    status: 'enabled',
    url,
  }
  return bank.endpoints.put({ id, endpoint, secret })
}

export function retrieveEndpoint(bank: Bank, id: string, form: Form): Stripe.WebhookEndpoint {
  refuseUnknown(form, [])
  return findEndpoint(bank, id).endpoint
}

export function listEndpoints(bank: Bank, form: Form): Stripe.ApiList<Stripe.WebhookEndpoint> {
  refuseUnknown(form, listParameters)
  const endpoints = bank.endpoints.all().map(({ endpoint }) => endpoint)
  return page(endpoints, form, '/v1/webhook_endpoints')
}

export function deleteEndpoint(bank: Bank, id: string): Stripe.DeletedWebhookEndpoint {
  findEndpoint(bank, id)
  bank.endpoints.remove(id)
  return { id, object: 'webhook_endpoint', deleted: true }
}

function findEndpoint(bank: Bank, id: string): EndpointRecord {
  const record = bank.endpoints.get(id)
  if (!record) throw missing('webhook endpoint', id)
  return record
}
