import type { FastifyRequest } from 'fastify'
import { type CheckoutItemRow, type CheckoutRow, findCheckout, isHeld } from '../checkout/queries.ts'
import type { Deps } from '../config.ts'
import { listProviders } from '../payments/providers.ts'
import { notFound, Refusal } from '../platform/refusal.ts'
import { findAbandonedCheckoutEvent, findEventFace, findLatestPayment } from './queries.ts'
import { inLocaleOf, openVisit, type Visit } from './visit.ts'

export interface CheckoutView {
  checkout: CheckoutRow
  items: CheckoutItemRow[]
  /** The event's start and its zone. */
  starts: { at: string; timeZone: string }
  isHeld: boolean
  now: Date
}

export interface PaymentView extends CheckoutView {
  /** The ways to pay that there are for this total. */
  providerNames: string[]
  /** A payment was asked for and is on its way. */
  isPending: boolean
  /** Why money that came has gone back, if it has. */
  returned: 'places' | 'other' | undefined
}

export interface CheckoutVisit {
  visit: Visit
  checkout: CheckoutRow
}

/** The checkout that a page is about, in the checkout's language. Throws 404, or 410 where it was given up. */
export async function openCheckoutVisit(
  { db, config }: Deps,
  request: FastifyRequest,
  publicId: string,
): Promise<CheckoutVisit> {
  const visit = await openVisit(db, config, request)
  const checkout = await findCheckout(db, visit.account.id, publicId)
  if (checkout) return { visit: inLocaleOf(visit, checkout.locale), checkout }
  if (await findAbandonedCheckoutEvent(db, visit.account.id, publicId)) throw new Refusal(410, { error: 'Gone' })
  throw notFound()
}

export async function viewCheckout({ db, clock }: Deps, { visit, checkout }: CheckoutVisit): Promise<CheckoutView> {
  const event = await findEventFace(db, visit.account.id, checkout.eventId)
  if (!event) throw notFound()
  const { startsAt: at, timeZone } = event
  const now = clock()
  return { checkout, items: checkout.items, starts: { at, timeZone }, isHeld: isHeld(checkout, now), now }
}

/** The checkout with the ways to pay for it, and what became of money that came before. */
export async function viewPayment(deps: Deps, open: CheckoutVisit): Promise<PaymentView> {
  const { account } = open.visit
  const { publicId, totalMinor } = open.checkout
  const [view, providers, latest] = await Promise.all([
    viewCheckout(deps, open),
    listProviders(deps.db, account.id, deps.config),
    findLatestPayment(deps.db, account.id, publicId),
  ])
  const fitting = providers.filter((provider) => provider.takes(totalMinor, account.currency))
  const isBack = latest?.status === 'returned' || latest?.status === 'returning'
  return {
    ...view,
    providerNames: fitting.map(({ name }) => name),
    returned: isBack ? (isAboutPlaces(latest.returnReason) ? 'places' : 'other') : undefined,
    isPending: latest?.status === 'pending',
  }
}

function isAboutPlaces(reason: string | null): boolean {
  return /left|places|on sale/.test(reason ?? '')
}
