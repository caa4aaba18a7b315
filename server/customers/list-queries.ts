import type { AccountSql } from '../accounts/account-sql.ts'
import { type Question, Shape } from '../accounts/ask-as.ts'
import { copyRows } from '../platform/copy-rows.ts'
import { type Counted, dailyTotals, readDailyTotals, type Totals, totalsColumns } from '../platform/daily-totals.ts'
import type { Db, Tx } from '../platform/database.ts'
import type { Page, PageOf } from '../platform/http/lists.ts'
import { type Period, periodStart } from '../platform/period.ts'
import { searchedPage } from '../platform/searched-page.ts'
import { ask, plain, type Sql, selectedAll, sql } from '../platform/sql.ts'
import { type CustomerRow, customerColumns } from './queries.ts'

export interface CustomerFilter {
  account: AccountSql
  period: Period | undefined
  eventId: number | Sql | undefined
  /** Words that must all be found in e-mail, name or company. */
  words: string[]
  marketingOnly: boolean
}

const columns = selectedAll(customerColumns)

/** The customers under the filter, words aside: of all events, or of one, whose own index is then in the list's order as well. */
function among(filter: CustomerFilter, after?: Page['after']): Sql {
  const { account, eventId, period, marketingOnly } = filter
  if (eventId === undefined) {
    return sql`customers c where c.account_id = ${account.id}
      ${marketingOnly ? sql`and c.marketing_consent_at is not null` : sql``}
      ${period ? sql`and c.created_at >= ${periodStart(period)}` : sql``}
      ${after ? sql`and (c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql``}`
  }
  return sql`customer_events ce join customers c on c.account_id = ce.account_id and c.id = ce.customer_id
    where ce.account_id = ${account.id} and ce.event_id = ${eventId}
      ${marketingOnly ? sql`and ce.marketing_consent` : sql``}
      ${period ? sql`and ce.customer_created_at >= ${periodStart(period)}` : sql``}
      ${after ? sql`and (ce.customer_created_at, ce.customer_id) < (${after.at}::timestamptz, ${after.id})` : sql``}`
}

/** To stand behind other conditions. */
function saying({ words }: CustomerFilter): Sql {
  return words.reduce((all, word) => sql`${all} and c.search_text like search_pattern(${word})`, sql``)
}

function newestFirst({ eventId }: CustomerFilter): Sql {
  return eventId === undefined
    ? sql`order by c.created_at desc, c.id desc`
    : sql`order by ce.customer_created_at desc, ce.customer_id desc`
}

/**
 * One page without words, newest first, and one row more where there is more; beside it the totals of all under the
 * filter, or nothing where the event is not there.
 */
export function customersPage(filter: CustomerFilter, { after, limit }: Page): Question {
  return {
    shape: pageShape,
    rows: sql`from ${among(filter, after)} ${newestFirst(filter)} limit ${plain(String(limit + 1))}`,
    beside: sql`from (${dailyTotals(countedAs(filter))}) totals where ${filter.eventId ?? 0}::integer is not null`,
  }
}

const pageShape = new Shape(customerColumns, totalsColumns)

/** As `customersPage`, of those that say the words. `db` must plan each statement anew. */
export async function searchCustomers(db: Db, filter: CustomerFilter, page: Page): Promise<PageOf<CustomerRow>> {
  const found = sql`select c.id, c.created_at as at, c.total_spent_minor as amount_minor`
  return searchedPage<CustomerRow>(db, page, {
    among: await readDailyTotals(db, countedAs(filter)),
    near: (rows) => sql`
      select ${columns}
      from (select c.* from ${among(filter, page.after)} ${newestFirst(filter)} limit ${rows}) c
      where true ${saying(filter)} order by c.created_at desc, c.id desc limit ${page.limit + 1}`,
    found: (by) =>
      by === 'words'
        ? sql`${found} from ${among(filter)} ${saying(filter)}`
        : sql`${found} from (select c.* from ${among(filter)} offset 0) c where true ${saying(filter)}`,
    rowsOf: (picked) => sql`
      select ${columns} from ${picked} join customers c on c.account_id = ${filter.account.id} and c.id = picked.id`,
    order: sql`created_at desc, id desc`,
    totals: () => countCustomers(db, filter),
  })
}

/** All of them, newest first, in bunches. */
export function readCustomers(tx: Tx, filter: CustomerFilter): AsyncIterable<CustomerRow[]> {
  return copyRows(tx, sql`select ${columns} from ${among(filter)} ${saying(filter)} ${newestFirst(filter)}`)
}

/** Of all under the filter. A search is counted row by row: no daily total knows it. */
export async function countCustomers(db: Db, filter: CustomerFilter): Promise<Totals> {
  if (filter.words.length === 0) return readDailyTotals(db, countedAs(filter))
  const [row] = await ask<Totals>(
    db,
    sql`
    select count(*)::integer as count, coalesce(sum(c.total_spent_minor), 0)::bigint as amount_minor
    from ${among(filter)} ${saying(filter)}`,
  )
  return row as Totals // an aggregate always gives one
}

function countedAs({ account, marketingOnly, eventId = 0, period }: CustomerFilter): Counted {
  return { accountId: account.id, subjects: [marketingOnly ? 'marketing_customers' : 'customers'], eventId, period }
}
