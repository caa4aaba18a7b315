import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, Tx } from '../platform/database.ts'

const pauseMs = 1000

export interface WordLists {
  /** Whether they are being emptied; from then on an import may leave that to others. */
  areKept(): boolean
  /** Resolves when they are empty once more and nobody sees to them any longer. Never rejects. */
  end(): Promise<void>
}

/**
 * Keeps the lists short in which new rows wait to be sorted into the indexes of words: on a connection of its own,
 * beside the import, whose rows they are. A search reads the whole list, and whoever adds to one of 4 MB must empty it.
 * Where the database's user does not own the indexes, or the pool has no second connection, nobody does.
 */
export function keepWordLists(db: Pool): WordLists {
  const ending = new AbortController()
  let areKept = false
  const keeping = keep()
  return {
    areKept: () => areKept,
    end: () => {
      ending.abort()
      return keeping
    },
  }

  async function keep(): Promise<void> {
    for (let isLast = false; !isLast; ) {
      isLast = ending.signal.aborted
      areKept = await emptyWordLists(db).catch(() => areKept) // a lost connection: the next round has another
      if (!areKept) return
      await pause(pauseMs, undefined, { signal: ending.signal }).catch(() => {})
    }
  }
}

/** Lets this transaction's rows wait in lists that somebody else empties; no longer than 64 MB, if that somebody fails. */
export async function leaveWordLists(tx: Tx): Promise<void> {
  await tx`set local gin_pending_list_limit = '64MB'`
}

async function emptyWordLists(db: Pool): Promise<boolean> {
  const emptied = await db`
    select gin_clean_pending_list(oid) from pg_class
    where oid in ('orders_by_words'::regclass, 'customers_by_words'::regclass) and pg_has_role(relowner, 'usage')`
  return emptied.count === 2
}
