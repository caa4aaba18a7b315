import type { Account } from '../server/accounts/account.ts'
import { changeSettings } from '../server/accounts/change-settings.ts'
import { createAccount } from '../server/accounts/create-account.ts'
import { findAccountBySubdomain } from '../server/accounts/queries.ts'
import { beginCheckout } from '../server/checkout/begin-checkout.ts'
import { changeCheckout } from '../server/checkout/change-checkout.ts'
import { payCheckout } from '../server/checkout/pay-checkout.ts'
import { findEvent, listVenues, updateEventPublished } from '../server/events/queries.ts'
import { createEvent } from '../server/events/save-event.ts'
import { createVenue } from '../server/events/save-venue.ts'
import { slugOf } from '../server/events/slug.ts'
import { freeProvider } from '../server/payments/free-provider.ts'
import { testProvider } from '../server/payments/test-provider.ts'
import type { Pool } from '../server/platform/database.ts'
import { listTicketTypes } from '../server/ticketing/queries.ts'
import { createTicketType } from '../server/ticketing/save-ticket-type.ts'
import { events, orderCount, type StoryEvent, type StoryOrder, tellOrders, venue } from './demo-story.ts'

const dayMs = 86_400_000
export const demoSubdomain = 'demo'

/**
 * Makes the demo organiser with everything that happened to it, by the acts that a real one uses. What is there already
 * stays; a fill that was cut off goes on where it ended.
 */
export async function fillDemo(db: Pool, now: Date, say: (message: string) => void): Promise<Account> {
  const account = (await findAccountBySubdomain(db, demoSubdomain)) ?? (await makeAccount(db, now))
  const [known] = await db<
    [{ count: number }]
  >`select count(*)::integer as count from orders where account_id = ${account.id}`
  if (known.count >= orderCount) return account
  for (const event of events) await makeEvent(db, account, event, now)
  const [today] = await db<
    [{ start: string }]
  >`select period_start('day', ${now}::timestamptz, ${account.timeZone}) as start`
  const orders = tellOrders(now, new Date(today.start))
  for (const [index, order] of orders.entries()) {
    if (index < known.count) continue
    if (index % 60 === 0) say(`Selling tickets: ${index} of ${orderCount} orders`)
    await buy(db, account, order)
  }
  return account
}

const imprint = `Kulturhaus am Ufer e.V.
Uferstraße 12
10997 Berlin

kontakt@kulturhaus.example`

async function makeAccount(db: Pool, now: Date): Promise<Account> {
  await createAccount(db, {
    name: 'Kulturhaus am Ufer',
    subdomain: demoSubdomain,
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    ownerEmail: 'owner@example.com',
    ownerPassword: undefined,
    now,
  })
  const made = await findAccountBySubdomain(db, demoSubdomain)
  if (!made) throw new Error('The demo account vanished while it was made')
  const links = { terms_url: 'https://kulturhaus.example/terms', privacy_url: 'https://kulturhaus.example/privacy' }
  await changeSettings(db, made.id, { imprint, ...links }, { secretKey: undefined })
  return made
}

async function makeEvent(db: Pool, account: Account, story: StoryEvent, now: Date): Promise<void> {
  const [known] = await listVenues(db, account.id)
  const { id: venueId } = known ?? (await createVenue(db, account, venue))
  const startsAt = new Date(now.getTime() + story.inDays * dayMs)
  startsAt.setUTCHours(18, 0, 0, 0)
  const event =
    (await findEvent(db, account.id, slugOf(story.title))) ??
    (await createEvent(
      db,
      account.id,
      {
        title: story.title,
        description: story.description,
        faq: story.faq ?? [],
        venue_id: venueId,
        starts_at: startsAt.toISOString(),
        ends_at: new Date(startsAt.getTime() + 4 * 3_600_000).toISOString(),
        capacity: story.capacity,
      },
      now,
    ))
  const types = await listTicketTypes(db, account.id, event.id, ['active'], now)
  for (const { title, price, stock, taxRate } of story.tickets) {
    if (types.some((type) => type.title === title)) continue
    await createTicketType(db, account, event.id, { title, price, stock, tax_rate: taxRate }, now)
  }
  await updateEventPublished(db, account.id, event.id, true)
}

async function buy(db: Pool, account: Account, order: StoryOrder): Promise<void> {
  const clock = () => order.paidAt
  const event = await findEvent(db, account.id, slugOf(order.eventTitle))
  const types = event ? await listTicketTypes(db, account.id, event.id, ['active'], order.paidAt) : []
  const type = types.find(
    (candidate) => candidate.title === order.ticketTitle && (candidate.left ?? 99) >= order.quantity,
  )
  const chosen = type ?? types.find((candidate) => candidate.left === null || candidate.left >= order.quantity)
  if (!event || !chosen) throw new Error(`The demo has no place left for ${order.eventTitle}`)
  const items = [{ ticket_id: chosen.id, quantity: order.quantity }]
  const attribution = order.source === undefined ? {} : { utm_source: order.source }
  const { publicId } = await beginCheckout(
    db,
    account,
    { event_slug: event.slug, items, attribution },
    order.paidAt,
    15,
  )
  const { email, name, company, marketingConsent } = order
  await changeCheckout(db, account.id, publicId, {
    buyer: { email, name, company },
    marketing_consent: marketingConsent,
  })
  const providerName = chosen.priceMinor === 0n ? 'free' : 'test'
  const ways = { providerName, providersFor: () => [freeProvider, testProvider], shopUrl: 'http://localhost' }
  const choice = { ...ways, options: { outcome: 'succeed' }, holdMinutes: 15 }
  await payCheckout(db, account, publicId, choice, clock)
}
