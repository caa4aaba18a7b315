import { moneyOf } from './amount.ts'
import { type Ledger, newestFirst, type OrderFact, type PersonalField, personalFields, typedText } from './ledger.ts'
import { isInPeriod } from './periods.ts'
import { isFound } from './words.ts'

export interface CustomerFact extends Record<PersonalField, string | null> {
  id: number
  email: string
  spentMinor: bigint
  consentAt: string | null
  createdAt: string
  orders: OrderFact[]
}

/** Everyone who paid, by e-mail, newest first: each is the sum of their paid orders and of what staff typed. */
export function customersOf(ledger: Ledger): CustomerFact[] {
  const byEmail = Map.groupBy(ledger.orders, (order) => order.email)
  const customers = [...byEmail].map(([email, orders]) => customerOf(ledger, email, orders))
  return newestFirst(
    customers,
    (customer) => customer.createdAt,
    (customer) => customer.id,
  )
}

function customerOf(ledger: Ledger, email: string, unsorted: OrderFact[]): CustomerFact {
  const orders = newestFirst(
    unsorted,
    (order) => order.paidAt,
    (order) => order.id,
  )
  const times = orders.map((order) => order.paidAt).sort()
  const consents = orders
    .filter((order) => order.consent)
    .map((order) => order.paidAt)
    .sort()
  const personal = Object.fromEntries(personalFields.map((field) => [field, latest(ledger, email, orders, field)]))
  return {
    ...(personal as Record<PersonalField, string | null>), // one entry a field, just made
    id: ledger.customerIds.get(email) ?? -1,
    email,
    spentMinor: orders.reduce((sum, order) => sum + order.totalMinor - order.refundedMinor, 0n),
    consentAt: consents[0] ?? null,
    createdAt: times[0] ?? '',
    orders,
  }
}

/** The latest of what orders filled in and of what staff set or cleared. */
function latest(ledger: Ledger, email: string, orders: OrderFact[], field: PersonalField): string | null {
  const bought = orders.map((order) => ({
    at: order.paidAt,
    told: order.told,
    id: order.id,
    value: typedText(order.buyer[field]),
  }))
  const typed = ledger.edits
    .filter((edit) => edit.email === email && edit.field === field)
    .map((edit) => ({ ...edit, id: 0 }))
  const candidates = [...bought.filter(({ value }) => value !== null), ...typed]
  candidates.sort((a, b) => (a.at === b.at ? a.told - b.told || a.id - b.id : a.at < b.at ? -1 : 1))
  return candidates.at(-1)?.value ?? null
}

export interface CustomerQuestion {
  period?: string | undefined
  event_slug?: string | undefined
  query?: string | undefined
  marketing_only?: string | undefined
}

export function customersUnder(
  customers: CustomerFact[],
  ledger: Ledger,
  question: CustomerQuestion,
  now: string,
): CustomerFact[] {
  const { period, event_slug: slug, query, marketing_only: marketing } = question
  const isMarketingOnly = marketing === '1' || marketing === 'true'
  return customers.filter(
    (customer) =>
      isInPeriod(customer.createdAt, period, now, ledger.timeZone) &&
      (!slug || customer.orders.some((order) => order.event.slugs.includes(slug))) &&
      isFound(query, [customer.email, customer.name, customer.company]) &&
      (!isMarketingOnly || customer.consentAt !== null),
  )
}

/** On the wire, the seed's keys first and in the seed's order. */
export function wireCustomer(customer: CustomerFact, currency: string) {
  return {
    id: customer.id,
    email: customer.email,
    name: customer.name,
    company: customer.company,
    total_spent: moneyOf(customer.spentMinor, currency),
    marketing_consent: customer.consentAt !== null,
    marketing_consent_at: customer.consentAt,
    created_at: customer.createdAt,
    salutation: customer.salutation,
    title: customer.title,
    phone: customer.phone,
  }
}

export function customerStats(customers: CustomerFact[], currency: string) {
  const spentMinor = customers.reduce((sum, customer) => sum + customer.spentMinor, 0n)
  return { customer_count: customers.length, total_spent: moneyOf(spentMinor, currency) }
}
