import { pino } from 'pino'
import { buildApp } from '../server/app.ts'
import { readConfig } from '../server/config.ts'
import { openPool, type Pool } from '../server/platform/database.ts'
import type { App } from '../server/platform/http/door.ts'
import { allOn } from '../test/support/pools.ts'
import { baseUrl } from './processes.ts'

/** One statement as it went to PostgreSQL: its text, the values of $1, $2, …, and the first row that came back. */
export interface Statement {
  text: string
  values: (string | null)[]
  firstRow: Record<string, unknown>
}

export interface Recorder {
  app: App
  /** Sets what time it is for this Foyer. */
  setTime(instant: Date): void
  /** What was sent since the last call. */
  taken(): Statement[]
  close(): Promise<void>
}

/** Foyer in this process, on a pool that notes every statement, `begin` and `commit` too. */
export async function openRecorder(databaseUrl: string): Promise<Recorder> {
  let statements: Statement[] = []
  const pool = openPool(databaseUrl, { max: 1 })
  const db = noting(pool, (statement) => statements.push(statement))
  const config = { ...readConfig({ BASE_URL: baseUrl, TEST_PAYMENTS: 'on', RATE_LIMIT: 'off' }) }
  let time = new Date(0)
  const app = await buildApp({
    ...allOn(db),
    clock: () => time,
    config,
    log: pino({ level: 'silent' }),
    isReady: () => true,
  })
  return {
    app,
    setTime: (instant) => {
      time = instant
    },
    taken: () => {
      const taken = statements
      statements = []
      return taken
    },
    close: async () => {
      await app.close()
      await pool.end({ timeout: 5 })
    },
  }
}

type Note = (statement: Statement) => void

/** The driver's own query, as far as it is read here. */
interface Query {
  resolve(result: Record<string, unknown>[]): void
  string?: string
  /** As text, once they have been sent. */
  parameters?: (string | null)[]
}

/** The same pool, or transaction: what it asks is noted, whichever way it is asked. */
function noting(pool: Pool, note: Note): Pool {
  const noted = (made: unknown) => {
    if (isQuery(made)) noteWhenDone(made, note)
    return made
  }
  const inside =
    (name: 'begin' | 'savepoint', first: string, last: string | undefined) =>
    async (act: (tx: Pool) => Promise<unknown>) => {
      const told = (text: string) => note({ text, values: [], firstRow: {} })
      told(first)
      const open = Reflect.get(pool, name) as Opener // a pool has the one, a transaction the other
      const done = await open((tx) => act(noting(tx, note)))
      if (last) told(last)
      return done
    }
  return new Proxy(pool, {
    apply: (target, self, words) => noted(Reflect.apply(target, self, words)),
    get: (target, name) => {
      if (name === 'begin') return inside(name, 'begin', 'commit')
      if (name === 'savepoint') return inside(name, 'savepoint inside', undefined) // the driver never releases one
      if (name === 'unsafe') return (...words: Parameters<Pool['unsafe']>) => noted(target.unsafe(...words))
      return Reflect.get(target, name)
    },
  })
}

type Opener = (act: (tx: Pool) => Promise<unknown>) => Promise<unknown>

function isQuery(made: unknown): made is Query {
  return typeof made === 'object' && made !== null && 'strings' in made && 'resolve' in made
}

/** A piece of SQL that only goes into another query is never resolved, and so never noted. */
function noteWhenDone(query: Query, note: Note): void {
  const { resolve } = query
  query.resolve = (result) => {
    note({ text: query.string ?? '', values: query.parameters ?? [], firstRow: { ...result[0] } })
    resolve(result)
  }
}
