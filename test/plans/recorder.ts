import { after } from 'node:test'
import { pino } from 'pino'
import { buildApp } from '../../server/app.ts'
import { openPool, type Pool } from '../../server/platform/database.ts'
import { allOn } from '../support/pools.ts'
import { doorsOf, type World } from '../support/world.ts'

/** A statement as it went to PostgreSQL. */
export interface Statement {
  text: string
  /** Of $1, $2, …: 0 where PostgreSQL finds it out. */
  types: number[]
  values: unknown[]
  /** Whether it was planned for its own values, or once for all. */
  mode: 'custom' | 'generic'
}

export interface Recorder {
  /** The same Foyer once more, on connections whose statements are noted. */
  world: World
  /** The statements that `act` sent, each once. */
  during(act: (db: Pool) => Promise<unknown>): Promise<Statement[]>
}

export async function openRecorder(original: World): Promise<Recorder> {
  const { url, config, now } = original
  const sent = new Map<string, Statement>()
  const note = (statement: Statement) => {
    if (!/^\s*(begin|commit|rollback|savepoint|release|set|close)\b/i.test(statement.text))
      sent.set(statement.text, statement)
  }
  const db = await openNotedPool(url, false, note)
  const searches = await openNotedPool(url, true, note)
  const log = pino({ level: 'silent' })
  const app = await buildApp({
    ...allOn(db),
    readers: searches,
    searches,
    clock: now,
    config,
    log,
    isReady: () => true,
  })
  after(() => app.close())
  return {
    world: { ...original, app, db, ...doorsOf(app) },
    async during(act) {
      sent.clear()
      await act(db)
      return [...sent.values()].filter(wasSent).map(asRead)
    },
  }
}

/** What was only described has its values as they were: they become text when they are sent. */
function wasSent({ values }: Statement): boolean {
  return values.every((value) => value === null || typeof value === 'string')
}

/** COPY reads as the statement inside does, which is planned for its values. */
function asRead(statement: Statement): Statement {
  const [, inside] = /^copy \((.*)\) to stdout$/s.exec(statement.text) ?? []
  return inside === undefined ? statement : { ...statement, text: inside, mode: 'custom' }
}

async function openNotedPool(url: string, plansAnew: boolean, note: (statement: Statement) => void): Promise<Pool> {
  const pool = openPool(url, { max: 1, plansAnew })
  await pool`select 1` // the driver's own questions come with the connection
  const mode = plansAnew ? 'custom' : 'generic'
  // The values become text in place when they are sent.
  pool.options.debug = (_connection, text, values, types) => note({ text, types, values, mode })
  after(() => pool.end({ timeout: 5 }))
  return pool
}
