import type { Totals } from './daily-totals.ts'
import type { Db } from './database.ts'
import type { Page, PageOf } from './http/lists.ts'
import { ask, plain, type Sql, sql } from './sql.ts'

/** A list that is searched, as SQL. */
export interface Searched {
  /** Of all that the other filters leave. */
  among: Totals
  /** Rows of the page among the newest `rows` that the other filters leave; the page's own and one more if there are. */
  near: (rows: number) => Sql
  /** Everything found, by its words or by reading all that the other filters leave: `id`, `at` and `amount_minor`. */
  found: (by: 'words' | 'reading') => Sql
  /** The rows of the `id`s in a table `picked`. */
  rowsOf: (picked: Sql) => Sql
  /** Sorts by a row's columns. */
  order: Sql
  totals: () => Promise<Totals>
}

/** Reading so many rows takes a few milliseconds; the index of words spans all accounts, and may name many more. */
const fewRows = 15_000
const nearRows = 2000

/**
 * A page of a search and the totals of everything found. A common word fills its page from the newest rows. What does
 * not is rare or old: to walk on would read every row before it, so the page is picked from everything found, which
 * the totals must read in any case. `db` plans each statement anew: the words decide what is best.
 */
export async function searchedPage<Row extends { id: number }>(
  db: Db,
  page: Page,
  list: Searched,
): Promise<PageOf<Row>> {
  if (list.among.count <= fewRows) return pickedPage(db, page, list, 'reading')
  const rows = await ask<Row>(db, list.near(nearRows))
  if (rows.length > page.limit) return { rows, totals: await list.totals(), encoding: 'utf8' }
  return pickedPage(db, page, list, 'words')
}

/** Page and totals in one question: asked apart, each would look for everything that is found. */
async function pickedPage<Row extends { id: number }>(
  db: Db,
  { limit, after }: Page,
  { found, rowsOf, order }: Searched,
  by: 'words' | 'reading',
): Promise<PageOf<Row>> {
  const rest = after ? sql`where (at, id) < (${after.at}::timestamptz, ${after.id})` : sql``
  const picked = sql`(select id from found ${rest} order by at desc, id desc limit ${plain(String(limit + 1))}) picked`
  const answers = await ask<Row & { totalCount: number; totalAmountMinor: bigint }>(
    db,
    sql`
    with found as materialized (${found(by)})
    select total_count, total_amount_minor, page.*
    from (select count(*)::integer, coalesce(sum(amount_minor), 0)::bigint from found) totals (total_count, total_amount_minor)
    left join lateral (${rowsOf(picked)}) page on true
    order by ${order}`,
  )
  const [first] = answers
  if (!first) throw new Error('totals without a row')
  const isEmpty = first.id === null // the join's empty side
  const totals = { count: first.totalCount, amountMinor: first.totalAmountMinor }
  return { rows: isEmpty ? [] : answers, totals, encoding: 'utf8' }
}
