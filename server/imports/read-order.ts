import { normalizeEmail } from '../platform/email-address.ts'
import { parseAmount } from '../platform/money.ts'
import { parseInstant } from '../platform/time.ts'

/** What decides whether a line is good. */
export interface Rules {
  currency: string
  /** Where times without an offset are read. */
  timeZone: string
  now: Date
  knownSlugs: Set<string>
  createEvents: boolean
}

export interface ImportedOrder {
  ref: string
  email: string
  name: string | null
  company: string | null
  phone: string | null
  marketingConsent: boolean
  eventSlug: string
  eventTitle: string | null
  createdAt: Date
  paidAt: Date
  items: ImportedItem[]
  refunds: ImportedRefund[]
  totalMinor: bigint
  refundedMinor: bigint
  /** When the last of the money went back; null while some was kept, and for a free order, which has none to give back. */
  refundedWholeAt: Date | null
}

export interface ImportedItem {
  ticketTitle: string
  unitPriceMinor: bigint
  quantity: number
}

export interface ImportedRefund {
  amountMinor: bigint
  refundedAt: Date
}

type Json = Record<string, unknown>

class Bad extends Error {}

const maxPriceMinor = 1_000_000_000_000n
const maxTotalMinor = 1_000_000_000_000_000_000n
const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** The paid order that a line of JSON tells of, or the reason why it can't be imported: "paid_at is in the future". */
export function readOrder(line: string, rules: Rules): ImportedOrder | string {
  try {
    return read(parse(line), rules)
  } catch (error) {
    if (error instanceof Bad) return error.message
    throw error
  }
}

function read(json: Json, rules: Rules): ImportedOrder {
  const paidAt = pastInstant(json.paid_at, 'paid_at', rules)
  const createdAt = isLeftOut(json.created_at) ? paidAt : instant(json.created_at, 'created_at', rules)
  if (createdAt > paidAt) throw new Bad('created_at is after paid_at')
  const items = list(json.items, 'items').map((item, index) => readItem(item, `items[${index}]`, rules))
  if (items.length === 0) throw new Bad("items can't be empty")
  const refunds = isLeftOut(json.refunds)
    ? []
    : list(json.refunds, 'refunds').map((refund, index) => readRefund(refund, `refunds[${index}]`, paidAt, rules))
  const totalMinor = items.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * BigInt(quantity), 0n)
  const refundedMinor = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (totalMinor >= maxTotalMinor) throw new Bad('items are too expensive')
  if (refundedMinor > totalMinor) throw new Bad('refunds are more than the total of the items')
  return {
    ref: readRef(json.ref),
    email: readEmail(json.email),
    name: text(json.name, 'name', 255),
    company: text(json.company, 'company', 255),
    phone: text(json.phone, 'phone', 50),
    marketingConsent: flag(json.marketing_consent, 'marketing_consent'),
    ...readEvent(json, rules),
    createdAt,
    paidAt,
    items,
    refunds,
    totalMinor,
    refundedMinor,
    refundedWholeAt: refundedMinor > 0n && refundedMinor === totalMinor ? latest(refunds) : null,
  }
}

function latest(refunds: ImportedRefund[]): Date {
  return new Date(Math.max(...refunds.map(({ refundedAt }) => refundedAt.getTime())))
}

function parse(line: string): Json {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new Bad('is not JSON')
  }
  return record(json, undefined)
}

/** Kept as it is: `A-1`, `a-1` and `A-1 ` are three refs. */
function readRef(value: unknown): string {
  required(value, 'ref', 255)
  return String(value)
}

function readEmail(value: unknown): string {
  const email = normalizeEmail(required(value, 'email', 320))
  if (email === undefined) throw new Bad('email is invalid')
  return email
}

function readEvent(json: Json, { knownSlugs, createEvents }: Rules): { eventSlug: string; eventTitle: string | null } {
  const eventSlug = required(json.event_slug, 'event_slug', 100)
  if (!knownSlugs.has(eventSlug)) {
    if (!createEvents)
      throw new Bad(`event_slug must exist: there is no event "${eventSlug}" (--create-events makes it)`)
    if (!slug.test(eventSlug)) throw new Bad('event_slug is invalid')
  }
  return { eventSlug, eventTitle: text(json.event_title, 'event_title', 255) }
}

function readItem(value: unknown, field: string, rules: Rules): ImportedItem {
  const item = record(value, field)
  const ticketTitle = required(item.ticket_title, `${field}.ticket_title`, 255)
  const unitPriceMinor = amount(item.unit_price, `${field}.unit_price`, rules.currency)
  if (unitPriceMinor >= maxPriceMinor) throw new Bad(`${field}.unit_price is too high`)
  const { quantity } = item
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > 10_000)
    throw new Bad(`${field}.quantity must be a whole number between 1 and 10000`)
  return { ticketTitle, unitPriceMinor, quantity }
}

function readRefund(value: unknown, field: string, paidAt: Date, rules: Rules): ImportedRefund {
  const refund = record(value, field)
  const amountMinor = amount(refund.amount, `${field}.amount`, rules.currency)
  if (amountMinor === 0n) throw new Bad(`${field}.amount must be greater than 0`)
  const refundedAt = pastInstant(refund.refunded_at, `${field}.refunded_at`, rules)
  if (refundedAt < paidAt) throw new Bad(`${field}.refunded_at is before paid_at`)
  return { amountMinor, refundedAt }
}

function amount(value: unknown, field: string, currency: string): bigint {
  if (typeof value !== 'string') throw new Bad(`${field} must be a decimal string such as "21.00"`)
  const minor = parseAmount(value, currency)
  if (minor === undefined) throw new Bad(`${field} is not an amount in ${currency}`)
  return minor
}

function instant(value: unknown, field: string, { timeZone }: Rules): Date {
  if (isLeftOut(value)) throw new Bad(`${field} can't be blank`)
  const read = typeof value === 'string' ? parseInstant(value.trim(), timeZone) : undefined
  if (!read) throw new Bad(`${field} is not a time such as "2026-04-22T12:34:50Z"`)
  return read
}

function pastInstant(value: unknown, field: string, rules: Rules): Date {
  const read = instant(value, field, rules)
  if (read > rules.now) throw new Bad(`${field} is in the future`)
  return read
}

function flag(value: unknown, field: string): boolean {
  if (isLeftOut(value)) return false
  if (typeof value !== 'boolean') throw new Bad(`${field} must be true or false`)
  return value
}

function required(value: unknown, field: string, maxLength: number): string {
  const read = text(value, field, maxLength)
  if (read === null) throw new Bad(`${field} can't be blank`)
  return read
}

/** Without blanks at its ends; null where nothing is left. */
function text(value: unknown, field: string, maxLength: number): string | null {
  if (isLeftOut(value)) return null
  if (typeof value !== 'string') throw new Bad(`${field} must be text`)
  const trimmed = value.trim()
  if (trimmed.length > maxLength) throw new Bad(`${field} is longer than ${maxLength} characters`)
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) throw new Bad(`${field} has characters that can't be stored`)
  return trimmed === '' ? null : trimmed
}

function list(value: unknown, field: string): unknown[] {
  if (isLeftOut(value)) throw new Bad(`${field} can't be blank`)
  if (!Array.isArray(value)) throw new Bad(`${field} must be a list`)
  return value
}

function record(value: unknown, field: string | undefined): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Bad(`${field === undefined ? 'is' : `${field} is`} not a JSON object`)
  return value as Json // any object may be looked into by name
}

function isLeftOut(value: unknown): value is null | undefined {
  return value === undefined || value === null
}
