import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool as DriverPool } from 'pg'
import type { Pool } from '../database.ts'
import { openDriverPool } from './driver.ts'
import type { Tell } from './queue-log.ts'

const everyMs = 5000
const againMs = 1000

export interface Pulse {
  /** Resolves when the others can see that this runner lives. Call it as often as you like. */
  begin(runner: string): Promise<void>
  end(): Promise<void>
}

/**
 * A runner lives as long as its connection: it has one under its own name. Jobs that are locked by a runner without one
 * are given free at once; the queue itself would wait four hours. Where a connection breaks and the runner lives on, a
 * job can run a second time. After `ended` nobody waits for the database any more.
 */
export function openPulse(db: Pool, tell: Tell, ended: AbortSignal): Pulse {
  let connection: Promise<DriverPool> | undefined
  let timer: NodeJS.Timeout | undefined
  const beat = async () => {
    await (await connection)?.query(freeJobsOfTheDead)
  }
  const firstBeat = async () => {
    while (!ended.aborted) {
      try {
        return await beat()
      } catch (error) {
        const { code } = error as { code?: string } // Node's and PostgreSQL's errors have one
        tell(code ? { code } : {}, 'no job can be taken yet')
        await sleep(againMs)
      }
    }
  }
  let begun: Promise<void> | undefined
  return {
    begin(runner) {
      connection ??= openDriverPool(db, { name: runner, max: 1 })
      timer ??= setInterval(() => beat().catch(() => {}), everyMs)
      begun ??= firstBeat()
      return begun
    },
    async end() {
      clearInterval(timer)
      await (await connection)?.end()
    },
  }
}

const freeJobsOfTheDead = `
  select graphile_worker.force_unlock_workers(array_agg(distinct j.locked_by))
  from graphile_worker.jobs j
  where j.locked_by is not null
    and not exists (select from pg_stat_activity a where a.application_name = j.locked_by)
  having count(*) > 0`
