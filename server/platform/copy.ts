import type { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { Tx } from './database.ts'

/** What a `copy … to stdout` says, in whole lines. Whoever leaves early waits for the rest: the connection stays usable. */
export async function* copyOut(tx: Tx, statement: string): AsyncGenerator<Buffer> {
  const rows = await tx.unsafe(statement).readable()
  try {
    yield* rows.iterator({ destroyOnReturn: false })
  } finally {
    await finished(rows.resume()).catch(() => {})
    // The driver holds the socket back while rows wait, and forgets to let go once the last has come (porsager/postgres#499).
    if (!rows.errored) rows._read(0)
  }
}

/** Feeds a `copy … from stdin`, as slowly as PostgreSQL takes it. Rejects with its error, or with that of `lines`. */
export async function copyIn(
  tx: Tx,
  statement: string,
  lines: AsyncIterable<Buffer> | Iterable<string>,
): Promise<void> {
  const query = tx.unsafe(statement)
  const failed = failureOf(query)
  const table: Writable = await query.writable()
  await Promise.race([pipeline(lines, table), failed])
}

/** Where PostgreSQL refuses after the last line was sent, the driver tells only the query (porsager/postgres#1173). */
function failureOf(query: object): Promise<never> {
  const told = query as { reject(error: unknown): void } // the driver calls it, its types hide it
  const tell = told.reject
  const failed = new Promise<never>((_, fail) => {
    told.reject = (error) => {
      fail(error)
      tell(error)
    }
  })
  failed.catch(() => {})
  return failed
}
