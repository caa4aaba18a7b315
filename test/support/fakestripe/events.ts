import Stripe from 'stripe'
import { type Bank, newId } from './bank.ts'
import { missing } from './failure.ts'
import { type Form, refuseUnknown, text, texts } from './form.ts'
import { listParameters, page } from './lists.ts'

type EventType = Stripe.Event['type']
type EventOf<T extends EventType> = Extract<Stripe.Event, { type: T }>

/** News of `object` as it is now: kept for the list of events, and sent to the account's endpoints. */
export function emit<T extends EventType>(bank: Bank, type: T, object: EventOf<T>['data']['object']): void {
  const event = {
    id: newId('evt'),
    object: 'event' as const,
    api_version: Stripe.API_VERSION,
    created: bank.surroundings.now(),
    data: { object },
    livemode: false,
    pending_webhooks: bank.endpoints.all().length,
    request: bank.cause,
    type,
  }
  // The parameters tie type and object together; the union of all events can't be told so.
  bank.surroundings.deliver(bank, bank.events.put(event as Stripe.Event))
}

export function retrieveEvent(bank: Bank, id: string, form: Form): Stripe.Event {
  refuseUnknown(form, [])
  return bank.events.get(id) ?? refuseEvent(id)
}

export function listEvents(bank: Bank, form: Form): Stripe.ApiList<Stripe.Event> {
  refuseUnknown(form, [...listParameters, 'type', 'types'])
  const wanted = [text(form, 'type') ?? [], texts(form, 'types')].flat()
  const events = bank.events
    .all()
    .filter(({ type }) => wanted.length === 0 || wanted.some((name) => covers(name, type)))
  return page(events, form, '/v1/events')
}

/** `charge.*` covers every charge's news, `*` everything. */
export function covers(pattern: string, type: string): boolean {
  return pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
}

function refuseEvent(id: string): never {
  throw missing('event', id)
}
