import { callersAccount } from '../accounts/account-sql.ts'
import { type Question, Shape } from '../accounts/ask-as.ts'
import { orderColumns, ordersOfCustomer } from '../orders/queries.ts'
import type { Db } from '../platform/database.ts'
import { ask, columnsOf, selectedAll, sql } from '../platform/sql.ts'

export interface CustomerRow {
  id: number
  email: string
  name: string | null
  company: string | null
  salutation: 'ms' | 'mr' | 'mx' | null
  title: string | null
  phone: string | null
  totalSpentMinor: bigint
  marketingConsentAt: string | null
  createdAt: string
}

const names = [
  ...['id', 'email', 'name', 'company', 'salutation', 'title', 'phone'],
  ...['total_spent_minor', 'marketing_consent_at', 'created_at'],
]
export const customerColumns = columnsOf('c', names)

/** The caller's customer with all orders (`OrderRow`), the customer beside them (`CustomerRow`). */
export function customerWithOrders(id: number): Question {
  return {
    shape: detailShape,
    rows: ordersOfCustomer(id),
    beside: sql`from customers c where c.account_id = ${callersAccount.id} and c.id = ${id}`,
  }
}

const detailShape = new Shape(orderColumns, customerColumns)

export async function findCustomer(db: Db, accountId: number, id: number): Promise<CustomerRow | undefined> {
  const [row] = await ask<CustomerRow>(
    db,
    sql`select ${selectedAll(customerColumns)} from customers c where c.account_id = ${accountId} and c.id = ${id}`,
  )
  return row
}

export interface Purchase {
  email: string
  name: string | null
  company: string | null
  salutation: string | null
  title: string | null
  phone: string | null
  marketingConsent: boolean
  paidAt: Date
}

/**
 * Finds or makes the customer with that e-mail and brings it up to date with one more purchase, whatever the order in
 * which purchases arrive. A filled-in field wins over what was set earlier than the payment; the first consent stands, of
 * those given after the last withdrawal.
 * Resolves to the customer's id; the row stays locked until the transaction ends.
 */
export async function upsertCustomer(db: Db, accountId: number, purchase: Purchase): Promise<number> {
  const { email, name, company, salutation, title, phone, marketingConsent, paidAt } = purchase
  const later = (field: string) => db`
    ${db(field)} = case when excluded.${db(`${field}_set_at`)} >= coalesce(c.${db(`${field}_set_at`)}, '-infinity')
      then excluded.${db(field)} else c.${db(field)} end,
    ${db(`${field}_set_at`)} = greatest(c.${db(`${field}_set_at`)}, excluded.${db(`${field}_set_at`)})`
  const setAt = (value: string | null) => (value === null ? null : paidAt)
  const [row] = await db<[{ id: number }]>`
    insert into customers as c (account_id, email, name, name_set_at, company, company_set_at, salutation, salutation_set_at,
      title, title_set_at, phone, phone_set_at, marketing_consent_at, created_at)
    values (${accountId}, ${email}, ${name}, ${setAt(name)}, ${company}, ${setAt(company)}, ${salutation}, ${setAt(salutation)},
      ${title}, ${setAt(title)}, ${phone}, ${setAt(phone)}, ${marketingConsent ? paidAt : null}, ${paidAt})
    on conflict (account_id, email) do update set
      ${later('name')}, ${later('company')}, ${later('salutation')}, ${later('title')}, ${later('phone')},
      marketing_consent_at = least(c.marketing_consent_at, case
        when excluded.marketing_consent_at >= coalesce(c.marketing_withdrawn_at, '-infinity') then excluded.marketing_consent_at
      end),
      created_at = least(c.created_at, excluded.created_at)
    returning id`
  return row.id
}

export async function lockCustomer(db: Db, accountId: number, id: number): Promise<void> {
  await db`select from customers where account_id = ${accountId} and id = ${id} for no key update`
}

/** Ends the consent that stands. The customer must be locked. */
export async function updateConsentWithdrawn(db: Db, accountId: number, id: number, at: Date): Promise<void> {
  await db`
    update customers
    set marketing_consent_at = null, marketing_withdrawn_at = ${at},
        marketing_withdrawn_order_id = (
          select max(o.id) from orders o where o.account_id = ${accountId} and o.customer_id = ${id})
    where account_id = ${accountId} and id = ${id} and marketing_consent_at is not null`
}

/** Notes that the customer bought for the event. Its row must be locked by this transaction. */
export async function insertCustomerEvent(
  db: Db,
  accountId: number,
  customerId: number,
  eventId: number,
): Promise<void> {
  await db`
    insert into customer_events (account_id, event_id, customer_id, customer_created_at, marketing_consent)
    select account_id, ${eventId}, id, created_at, marketing_consent_at is not null
    from customers where account_id = ${accountId} and id = ${customerId}
    on conflict (account_id, customer_id, event_id) do nothing`
}

export type EditableField = 'name' | 'company' | 'salutation' | 'title' | 'phone'

/** Sets what staff typed, null for cleared; a purchase paid later wins again. Resolves to undefined where there is none. */
export async function updateCustomer(
  db: Db,
  accountId: number,
  id: number,
  fields: Partial<Record<EditableField, string | null>>,
  at: Date,
): Promise<CustomerRow | undefined> {
  const changes = Object.entries(fields).flatMap(([field, value]) => [
    [field, value],
    [`${field}_set_at`, at],
  ])
  if (changes.length === 0) return findCustomer(db, accountId, id)
  const [row] = await db<CustomerRow[]>`
    update customers c set ${db(Object.fromEntries(changes))}
    where c.account_id = ${accountId} and c.id = ${id} returning ${db(names)}`
  return row
}
