import type { AccountSql } from '../accounts/account-sql.ts'
import { type Question, Shape } from '../accounts/ask-as.ts'
import { copyRows } from '../platform/copy-rows.ts'
import { type Counted, dailyTotals, readDailyTotals, type Totals, totalsColumns } from '../platform/daily-totals.ts'
import type { Db, Tx } from '../platform/database.ts'
import type { Page, PageOf } from '../platform/http/lists.ts'
import { type Period, periodStart } from '../platform/period.ts'
import { searchedPage } from '../platform/searched-page.ts'
import { ask, plain, type Sql, selectedAll, sql } from '../platform/sql.ts'
import { type OrderRow, orderColumns } from './queries.ts'

export interface OrderFilter {
  account: AccountSql
  period: Period | undefined
  eventId: number | Sql | undefined
  /** Words that must all be found in name or e-mail; none: every order. */
  words: string[]
  /** Orders named by a code or reference: found whatever the words say. */
  orderIds: number[]
  includeArchived: boolean
}

const columns = selectedAll(orderColumns)

/** The orders under the filter, text aside. */
function among({ account, includeArchived, eventId, period }: OrderFilter, after?: Page['after']): Sql {
  return sql`orders o where o.account_id = ${account.id}
    ${includeArchived ? sql`` : sql`and o.archived_at is null`}
    ${eventId === undefined ? sql`` : sql`and o.event_id = ${eventId}`}
    ${period ? sql`and o.paid_at >= ${periodStart(period)}` : sql``}
    ${after ? sql`and (o.paid_at, o.id) < (${after.at}::timestamptz, ${after.id})` : sql``}`
}

/**
 * To stand behind other conditions. Ids only where there are any: PostgreSQL takes an empty list for leave to read all
 * of whichever index spans only some of the orders.
 */
function saying({ words, orderIds }: OrderFilter): Sql {
  if (words.length === 0) return sql``
  const text = words.reduce((all, word) => sql`${all} and o.search_text like search_pattern(${word})`, sql``)
  return orderIds.length === 0 ? text : sql`and (o.id = any (${orderIds}::integer[]) or (true ${text}))`
}

/**
 * One page without words, latest paid first, and one row more where there is more; beside it the totals of all under the
 * filter, or nothing where the event is not there.
 */
export function ordersPage(filter: OrderFilter, { after, limit }: Page): Question {
  return {
    shape: pageShape,
    rows: sql`from ${among(filter, after)} order by o.paid_at desc, o.id desc limit ${plain(String(limit + 1))}`,
    beside: sql`from (${dailyTotals(countedAs(filter))}) totals where ${filter.eventId ?? 0}::integer is not null`,
  }
}

const pageShape = new Shape(orderColumns, totalsColumns)

/** As `ordersPage`, of those that say the words. `db` must plan each statement anew. */
export async function searchOrders(db: Db, filter: OrderFilter, page: Page): Promise<PageOf<OrderRow>> {
  const found = sql`select o.id, o.paid_at as at, o.total_minor - o.refunded_minor as amount_minor`
  return searchedPage<OrderRow>(db, page, {
    among: await readDailyTotals(db, countedAs(filter)),
    near: (rows) => sql`
      select ${columns}
      from (select o.* from ${among(filter, page.after)} order by o.paid_at desc, o.id desc limit ${rows}) o
      where true ${saying(filter)} order by o.paid_at desc, o.id desc limit ${page.limit + 1}`,
    found: (by) =>
      by === 'words'
        ? sql`${found} from ${among(filter)} ${saying(filter)}`
        : sql`${found} from (select o.* from ${among(filter)} offset 0) o where true ${saying(filter)}`,
    rowsOf: (picked) => sql`
      select ${columns} from ${picked} join orders o on o.account_id = ${filter.account.id} and o.id = picked.id`,
    order: sql`paid_at desc, id desc`,
    totals: () => countOrders(db, filter),
  })
}

/** All of them, latest paid first, in bunches. */
export function readOrders(tx: Tx, filter: OrderFilter): AsyncIterable<OrderRow[]> {
  const found = sql`${among(filter)} ${saying(filter)}`
  return copyRows(tx, sql`select ${columns} from ${found} order by o.paid_at desc, o.id desc`)
}

/** Of all under the filter. A search is counted row by row: no daily total knows it. */
export async function countOrders(db: Db, filter: OrderFilter): Promise<Totals> {
  if (filter.words.length === 0) return readDailyTotals(db, countedAs(filter))
  const [row] = await ask<Totals>(
    db,
    sql`
    select count(*)::integer as count, coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint as amount_minor
    from ${among(filter)} ${saying(filter)}`,
  )
  return row as Totals // an aggregate always gives one
}

function countedAs({ account, includeArchived, eventId = 0, period }: OrderFilter): Counted {
  return {
    accountId: account.id,
    subjects: includeArchived ? ['orders', 'archived_orders'] : ['orders'],
    eventId,
    period,
  }
}
