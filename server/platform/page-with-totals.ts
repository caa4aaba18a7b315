import type { Totals } from './daily-totals.ts'
import type { Db, Fragment, Query } from './database.ts'
import type { Page, PageOf } from './http/lists.ts'

/**
 * A page's rows and the totals beside them in one question to the database: asked apart, the second would cost as much
 * again. `page` is a query whose rows have an `id`; `order` sorts by its columns.
 */
export async function pageWithTotals<Row extends { id: number }>(
  db: Db,
  page: Query<Row>,
  totals: Fragment,
  order: Fragment,
): Promise<PageOf<Row>> {
  return split(await db<Answer<Row>[]>`${joined(db, page, totals, order)}`)
}

/** A list that is searched, as SQL. */
export interface Searched<Row extends { id: number }> {
  /** Of all that the other filters leave. */
  among: Totals
  /** Rows of the page among the newest `rows` that the other filters leave; the page's own and one more if there are. */
  near: (rows: number) => Query<Row>
  /** Everything found, by its words or by reading all that the other filters leave: `id`, `at` and `amount_minor`. */
  found: (by: 'words' | 'reading') => Fragment
  /** The rows of the `id`s in a table `picked`. */
  rowsOf: (picked: Fragment) => Query<Row>
  order: Fragment
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
  list: Searched<Row>,
): Promise<PageOf<Row>> {
  if (list.among.count <= fewRows) return pickedPage(db, page, list, 'reading')
  const rows = await list.near(nearRows)
  if (rows.length > page.limit) return { rows, totals: await list.totals() }
  return pickedPage(db, page, list, 'words')
}

async function pickedPage<Row extends { id: number }>(
  db: Db,
  { limit, after }: Page,
  { found, rowsOf, order }: Searched<Row>,
  by: 'words' | 'reading',
): Promise<PageOf<Row>> {
  const totals = db`select count(*)::integer, coalesce(sum(amount_minor), 0)::bigint from found`
  const rest = after ? db`where (at, id) < (${after.at}::timestamptz, ${after.id})` : db``
  const picked = db`(select id from found ${rest} order by at desc, id desc limit ${limit + 1}) picked`
  return split(
    await db<Answer<Row>[]>`with found as materialized (${found(by)}) ${joined(db, rowsOf(picked), totals, order)}`,
  )
}

type Answer<Row> = Row & { totalCount: number; totalAmountMinor: bigint }

function joined<Row extends { id: number }>(db: Db, page: Query<Row>, totals: Fragment, order: Fragment): Fragment {
  return db`
    select total_count, total_amount_minor, page.*
    from (${totals}) totals (total_count, total_amount_minor) left join lateral (${page as unknown as Fragment}) page on true
    order by ${order}` // a query is a piece of SQL until it is awaited
}

function split<Row extends { id: number }>(answers: Answer<Row>[]): PageOf<Row> {
  const [first] = answers
  if (!first) throw new Error('totals without a row')
  const isEmpty = first.id === null // the join's empty side
  return { rows: isEmpty ? [] : answers, totals: { count: first.totalCount, amountMinor: first.totalAmountMinor } }
}
