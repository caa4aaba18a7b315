import { type Counted, dailyTotals, readDailyTotals, type Totals } from '../platform/daily-totals.ts'
import type { Db, Fragment, Tx } from '../platform/database.ts'
import type { Page, PageOf } from '../platform/http/lists.ts'
import { pageWithTotals, searchedPage } from '../platform/page-with-totals.ts'
import { type Period, periodStart } from '../platform/period.ts'

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

export interface CustomerFilter {
  period: Period | undefined
  eventId: number | undefined
  /** Words that must all be found in e-mail, name or company. */
  words: string[]
  marketingOnly: boolean
}

const customerColumns = (db: Db) => db`
  c.id, c.email, c.name, c.company, c.salutation, c.title, c.phone, c.total_spent_minor, c.marketing_consent_at, c.created_at`

/** The customers under the filter, words aside: of all events, or of one, whose own index is then in the list's order as well. */
function among(db: Db, accountId: number, filter: CustomerFilter, after?: Page['after']): Fragment {
  if (filter.eventId === undefined) {
    return db`customers c where c.account_id = ${accountId}
      ${filter.marketingOnly ? db`and c.marketing_consent_at is not null` : db``}
      ${filter.period ? db`and c.created_at >= ${periodStart(db, filter.period)}` : db``}
      ${after ? db`and (c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})` : db``}`
  }
  return db`customer_events ce join customers c on c.account_id = ce.account_id and c.id = ce.customer_id
    where ce.account_id = ${accountId} and ce.event_id = ${filter.eventId}
      ${filter.marketingOnly ? db`and ce.marketing_consent` : db``}
      ${filter.period ? db`and ce.customer_created_at >= ${periodStart(db, filter.period)}` : db``}
      ${after ? db`and (ce.customer_created_at, ce.customer_id) < (${after.at}::timestamptz, ${after.id})` : db``}`
}

/** To stand behind other conditions. */
function saying(db: Db, { words }: CustomerFilter): Fragment {
  return join(
    db,
    words.map((word) => db`and c.search_text like search_pattern(${word})`),
  )
}

function newestFirst(db: Db, filter: CustomerFilter): Fragment {
  return filter.eventId === undefined
    ? db`order by c.created_at desc, c.id desc`
    : db`order by ce.customer_created_at desc, ce.customer_id desc`
}

/** One page, newest first, and one row more where there is more; and the totals of all under the filter. */
export async function listCustomers(
  db: Db,
  accountId: number,
  filter: CustomerFilter,
  page: Page,
): Promise<PageOf<CustomerRow>> {
  if (filter.words.length > 0) return searchCustomers(db, accountId, filter, page)
  const rows = db<CustomerRow[]>`
    select ${customerColumns(db)} from ${among(db, accountId, filter, page.after)}
    ${newestFirst(db, filter)} limit ${db.unsafe(String(page.limit + 1))}`
  return pageWithTotals(db, rows, dailyTotals(db, accountId, countedAs(filter)), db`created_at desc, id desc`)
}

async function searchCustomers(db: Db, accountId: number, filter: CustomerFilter, page: Page) {
  const found = db`select c.id, c.created_at as at, c.total_spent_minor as amount_minor`
  return searchedPage<CustomerRow>(db, page, {
    among: await readDailyTotals(db, accountId, countedAs(filter)),
    near: (rows) => db`
      select ${customerColumns(db)}
      from (select c.* from ${among(db, accountId, filter, page.after)} ${newestFirst(db, filter)} limit ${rows}) c
      where true ${saying(db, filter)} order by c.created_at desc, c.id desc limit ${page.limit + 1}`,
    found: (by) =>
      by === 'words'
        ? db`${found} from ${among(db, accountId, filter)} ${saying(db, filter)}`
        : db`${found} from (select c.* from ${among(db, accountId, filter)} offset 0) c where true ${saying(db, filter)}`,
    rowsOf: (picked) => db`
      select ${customerColumns(db)} from ${picked} join customers c on c.account_id = ${accountId} and c.id = picked.id`,
    order: db`created_at desc, id desc`,
    totals: () => countCustomers(db, accountId, filter),
  })
}

/** All of them, newest first, in batches, read from one snapshot. */
export function readCustomers(tx: Tx, accountId: number, filter: CustomerFilter): AsyncIterable<CustomerRow[]> {
  return tx<CustomerRow[]>`
    select ${customerColumns(tx)} from ${among(tx, accountId, filter)} ${saying(tx, filter)} ${newestFirst(tx, filter)}`.cursor(
    200,
  )
}

/** Of all under the filter. A search is counted row by row: no daily total knows it. */
export async function countCustomers(db: Db, accountId: number, filter: CustomerFilter): Promise<Totals> {
  if (filter.words.length === 0) return readDailyTotals(db, accountId, countedAs(filter))
  const [row] = await db<[Totals]>`
    select count(*)::integer as count, coalesce(sum(c.total_spent_minor), 0)::bigint as amount_minor
    from ${among(db, accountId, filter)} ${saying(db, filter)}`
  return row
}

function countedAs({ marketingOnly, eventId = 0, period }: CustomerFilter): Counted {
  return { subjects: [marketingOnly ? 'marketing_customers' : 'customers'], eventId, period }
}

export async function findCustomer(db: Db, accountId: number, id: number): Promise<CustomerRow | undefined> {
  const [row] = await db<CustomerRow[]>`
    select ${customerColumns(db)} from customers c where c.account_id = ${accountId} and c.id = ${id}`
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
    where c.account_id = ${accountId} and c.id = ${id} returning ${customerColumns(db)}`
  return row
}

function join(db: Db, fragments: Fragment[]): Fragment {
  return fragments.length === 0 ? db`` : db`${fragments}`
}
