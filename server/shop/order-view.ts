import type { FastifyRequest } from 'fastify'
import type { Deps } from '../config.ts'
import { isMailboxOpen } from '../letters/mailbox-routes.ts'
import { type InvoiceRow, listInvoices } from '../orders/invoices/queries.ts'
import { findOrder, type LineRow, listLines, listTickets, type OrderRow, type TicketRow } from '../orders/queries.ts'
import type { Moment } from '../platform/formats.ts'
import { notFound } from '../platform/refusal.ts'
import { findOrderSurroundings, type OrderSurroundings } from './queries.ts'
import { inLocaleOf, openVisit, type Visit } from './visit.ts'

export interface OrderView {
  order: OrderRow
  lines: LineRow[]
  tickets: TicketRow[]
  invoices: Pick<InvoiceRow, 'number' | 'kind'>[]
  eventTitle: string
  starts: Moment
  /** The buyer's consent to marketing stands. */
  consentStands: boolean
  /** What was just done, if anything. */
  done: Done | undefined
  /** Why it was not done, in words. */
  refusal?: string
  /** What becomes of mails here: they are sent, or kept for everybody to read, or neither. */
  mail: 'sent' | 'shown' | 'none'
}

const doings = ['paid', 'names', 'withdrawn', 'sent'] as const
type Done = (typeof doings)[number]

export interface OrderVisit {
  visit: Visit
  view: OrderView
  around: OrderSurroundings
}

/** The order that a page is about, in its buyer's language. Throws 404. */
export async function openOrderVisit(
  { db, config }: Deps,
  request: FastifyRequest,
  publicId: string,
): Promise<OrderVisit> {
  const visit = await openVisit(db, config, request)
  const { id } = visit.account
  const order = await findOrder(db, id, publicId)
  // The short code is for people at a till: it opens nothing.
  if (order?.publicId !== publicId) throw notFound()
  const [lines, tickets, around, invoices] = await Promise.all([
    listLines(db, id, order.id),
    listTickets(db, id, order.id),
    findOrderSurroundings(db, id, order.id),
    listInvoices(db, id, order.id),
  ])
  const { done } = request.query as Record<string, unknown> // what parseQueryString made
  const view: OrderView = {
    ...{ order, lines, tickets, invoices },
    eventTitle: around.title,
    starts: { at: around.startsAt, timeZone: around.timeZone },
    consentStands: around.consentStands,
    done: doings.find((word) => word === done),
    mail: config.smtpUrl !== undefined ? 'sent' : isMailboxOpen(config) ? 'shown' : 'none',
  }
  return { visit: around.locale === null ? visit : inLocaleOf(visit, around.locale), view, around }
}
