import type { Db, Fragment, Tx } from '../platform/database.ts'

/** How many rows break a promise, and the first few of them in words that name no person. */
export interface Findings {
  broken: number
  examples: string[]
}

/** A promise in plain words, and the search for what breaks it. */
export interface Check {
  name: string
  find(tx: Tx, now: Date): Promise<Findings>
}

/**
 * SQL for the rows that break a promise: `account_id` (null: no account's), `subject` (the table and the row's key) and
 * `problem`, which must hold no personal data.
 */
export type BrokenRows = (db: Db, now: Date) => Fragment

const shown = 10

/** A promise that none of the queries may find a row against. */
export function check(name: string, ...queries: BrokenRows[]): Check {
  const find = async (tx: Tx, now: Date) => {
    const found: Findings[] = []
    for (const query of queries) found.push(await countBroken(tx, query(tx, now)))
    return addUp(found)
  }
  return { name, find }
}

export async function countBroken(db: Db, rows: Fragment): Promise<Findings> {
  const examples = await db<{ text: string; broken: number }[]>`
    select concat_ws(', ', 'account ' || account_id, subject) || ': ' || problem as text,
           (count(*) over ())::integer as broken
    from (${rows}) broken_rows
    order by account_id, subject
    limit ${shown}`
  return { broken: examples[0]?.broken ?? 0, examples: examples.map(({ text }) => text) }
}

export function addUp(found: Findings[]): Findings {
  return {
    broken: found.reduce((sum, { broken }) => sum + broken, 0),
    examples: found.flatMap(({ examples }) => examples).slice(0, shown),
  }
}
