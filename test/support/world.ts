import { after } from 'node:test'
import { pino } from 'pino'
import { createAccount } from '../../server/accounts/create-account.ts'
import { createToken } from '../../server/accounts/create-token.ts'
import { buildApp } from '../../server/app.ts'
import { type Config, readConfig } from '../../server/config.ts'
import { openPool, type Pool } from '../../server/platform/database.ts'
import type { App } from '../../server/platform/http/door.ts'
import { testDatabase } from './database.ts'
import { allOn } from './pools.ts'

export interface Organizer {
  id: number
  subdomain: string
  currency: string
  timeZone: string
  writeToken: string
  readToken: string
}

/** What came back: the status, the headers, the text, and the body if it is JSON. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape, and fail where the shape is another
  body: any
}

export interface PaidOrderInput {
  eventSlug?: string
  ticketId?: number
  quantity?: number
  email?: string
  name?: string | null
  company?: string | null
  phone?: string | null
  marketingConsent?: boolean
  attribution?: Record<string, string>
  promoCode?: string
  locale?: 'en' | 'de'
  at?: string
}

export interface World {
  app: App
  db: Pool
  url: string
  config: Config
  /** Sets what time it is for the server. */
  setTime(instant: string): void
  now(): Date
  organizer(options?: { currency?: string; timeZone?: string; subdomain?: string }): Promise<Organizer>
  /** As the organiser's developer, with the write token unless another is given. */
  get(who: Organizer, path: string, headers?: Record<string, string>): Promise<Answer>
  send(
    who: Organizer,
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** As a buyer in the organiser's shop, without a token. */
  shop(who: Organizer, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>
  /** A published event with one ticket type: resolves to its slug and the ticket's id. */
  event(who: Organizer, options?: EventOptions): Promise<{ slug: string; id: number; ticketId: number }>
  /** Buys in the shop and pays by the test provider (or `free`): resolves to the order's numbers. */
  paidOrder(
    who: Organizer,
    input?: PaidOrderInput,
  ): Promise<{ public_id: string; order_code: string; display_number: string }>
}

export interface EventOptions {
  title?: string
  price?: string
  stock?: number | null
  capacity?: number | null
  startsAt?: string
  maxPerOrder?: number
  taxRate?: string
}

/** A Foyer of this test file's own: its database, its clock (2026-04-22T12:34:50Z at first), the doors that people use. */
export async function openWorld(overrides: Partial<Config> = {}): Promise<World> {
  const { url, db } = await testDatabase()
  const readers = openPool(url, { max: 2, plansAnew: true })
  const config: Config = {
    ...readConfig({ BASE_URL: 'http://foyer.test' }),
    rateLimit: 'off',
    testPayments: true,
    logLevel: 'silent',
    ...overrides,
  }
  let time = new Date('2026-04-22T12:34:50Z')
  const log = pino({ level: 'silent' })
  const app = await buildApp({
    ...allOn(db),
    readers,
    searches: readers,
    clock: () => time,
    config,
    log,
    isReady: () => true,
  })
  after(async () => {
    await app.close()
    await readers.end({ timeout: 5 })
  })
  let count = 0
  const defaultEvents = new Map<number, { slug: string; ticketId: number }>()

  const world: World = {
    app,
    db,
    url,
    config,
    setTime: (instant) => {
      time = new Date(instant)
    },
    now: () => time,
    async organizer({ currency = 'EUR', timeZone = 'Europe/Berlin', subdomain = `club-${++count}` } = {}) {
      const made = await createAccount(db, {
        name: `Club ${subdomain}`,
        subdomain,
        currency,
        timeZone,
        ownerEmail: `owner@${subdomain}.example`,
        ownerPassword: undefined,
        now: time,
      })
      const write = await createToken(db, made.id, { description: 'tests', permission: 'write', now: time })
      const read = await createToken(db, made.id, { description: 'tests, reading', permission: 'read', now: time })
      return { id: made.id, subdomain, currency, timeZone, writeToken: write.token, readToken: read.token }
    },
    ...doorsOf(app),
    async event(who, options = {}) {
      const venue = expect(
        201,
        await world.send(who, 'POST', '/admin/venues', {
          name: 'Hall',
          address: 'Street 1',
          city: 'Berlin',
          postal_code: '10115',
        }),
      )
      const startsAt = options.startsAt ?? '2030-06-01T20:00:00Z'
      const endsAt = new Date(new Date(startsAt).getTime() + 3 * 3_600_000).toISOString()
      const event = expect(
        201,
        await world.send(who, 'POST', '/admin/events', {
          title: options.title ?? 'Spring Showcase',
          venue_id: venue.id,
          starts_at: startsAt,
          ends_at: endsAt,
          capacity: options.capacity ?? null,
        }),
      )
      const ticket = expect(
        201,
        await world.send(who, 'POST', `/admin/events/${event.slug}/standard_tickets`, {
          title: 'General Admission',
          price: options.price ?? (who.currency === 'JPY' ? '2100' : '21.00'),
          stock: options.stock ?? null,
          max_per_order: options.maxPerOrder ?? 100,
          tax_rate: options.taxRate ?? null,
        }),
      )
      expect(200, await world.send(who, 'POST', `/admin/events/${event.slug}/publication`))
      return { slug: event.slug, id: event.id, ticketId: ticket.id }
    },
    async paidOrder(who, input = {}) {
      if (input.at) world.setTime(input.at)
      let { eventSlug, ticketId } = input
      if (!eventSlug || !ticketId) {
        const known = defaultEvents.get(who.id) ?? (await world.event(who))
        defaultEvents.set(who.id, known)
        eventSlug ??= known.slug
        ticketId ??= known.ticketId
      }
      const items = [{ ticket_id: ticketId, quantity: input.quantity ?? 1 }]
      const checkout = expect(
        201,
        await world.shop(who, 'POST', '/checkouts', {
          event_slug: eventSlug,
          items,
          attribution: input.attribution,
          promo_code: input.promoCode,
        }),
      )
      const { email = 'jane@example.com', name = 'Jane Doe', company = null, phone = null } = input
      const buyer = { email, name, company, phone }
      const changes = { buyer, marketing_consent: input.marketingConsent ?? false, locale: input.locale }
      expect(200, await world.shop(who, 'PATCH', `/checkouts/${checkout.public_id}`, changes))
      const provider = checkout.payment_providers[0]
      const paid = expect(
        200,
        await world.shop(who, 'POST', `/checkouts/${checkout.public_id}/payment`, { provider, outcome: 'succeed' }),
      )
      return paid.order
    },
  }
  return world
}

/** The doors of that app, as those who write to it and those who buy there use them. */
export function doorsOf(app: App): Pick<World, 'get' | 'send' | 'shop'> {
  return {
    get: (who, path, headers = {}) =>
      ask(app, {
        method: 'GET',
        url: path,
        headers: { authorization: `Bearer ${who.writeToken}`, accept: 'application/json', ...headers },
      }),
    send: (who, method, path, body, headers = {}) =>
      ask(app, {
        method,
        url: path,
        headers: { authorization: `Bearer ${who.writeToken}`, accept: 'application/json', ...headers },
        ...payload(body),
      }),
    shop: (who, method, path, body) =>
      ask(app, {
        method,
        url: path,
        headers: { host: `${who.subdomain}.foyer.test`, accept: 'application/json' },
        ...payload(body),
      }),
  }
}

/** The body, where the answer has that status; else an error that shows what came instead. */
export function expect(status: number, answer: Answer): Answer['body'] {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`)
  return answer.body
}

function payload(body: unknown): { payload?: string; headers?: never } {
  return body === undefined ? {} : { payload: JSON.stringify(body) }
}

async function ask(
  app: App,
  request: {
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
    url: string
    headers: Record<string, string>
    payload?: string
  },
): Promise<Answer> {
  const headers =
    request.payload === undefined ? request.headers : { 'content-type': 'application/json', ...request.headers }
  const response = await app.inject({ ...request, headers })
  const isJson = String(response.headers['content-type'] ?? '').includes('application/json')
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson && response.body ? JSON.parse(response.body) : undefined,
  }
}
