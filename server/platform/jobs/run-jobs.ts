import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskList, WorkerPool } from 'graphile-worker'
import type { Pool } from '../database.ts'
import type { Payload } from './add-job.ts'
import { openDriverPool } from './driver.ts'
import { openPulse, type Pulse } from './pulse.ts'
import { queueLogger, type Tell } from './queue-log.ts'

export interface Attempt {
  /** No more follows if this one fails. */
  isLast: boolean
}

/** What each kind of job does. A job that throws is tried again, after a pause that grows. */
export type Tasks = Record<string, (payload: Payload, attempt: Attempt) => Promise<void>>

export interface RunningJobs {
  /** Takes no new job, waits for those that run, and leaves the database. */
  stop(): Promise<void>
}

const atOnce = 2
const patienceMs = 20_000
const startAgainMs = 1000

/**
 * Runs the jobs of all accounts, beside other servers on the same database: each job runs in one of them. Goes on by
 * itself when the database was away. The jobs of a server that died are taken over at once.
 */
export function startJobs(db: Pool, tasks: Tasks, tell: Tell): RunningJobs {
  const ended = new AbortController()
  const running = keepRunning(db, tasks, tell, ended.signal)
  return {
    stop: async () => {
      ended.abort()
      await running
    },
  }
}

async function keepRunning(db: Pool, tasks: Tasks, tell: Tell, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      await runPool(db, tasks, tell, ended)
    } catch (error) {
      const { code } = error as { code?: string } // Node's and PostgreSQL's errors have one
      tell(code ? { code } : {}, 'the queue starts again')
    }
    await sleep(startAgainMs, undefined, { signal: ended }).catch(() => {})
  }
}

/** Runs until `ended`, or until the queue gives up; what it had locked is free then. */
async function runPool(db: Pool, tasks: Tasks, tell: Tell, ended: AbortSignal): Promise<void> {
  const { runTaskList } = await import('graphile-worker')
  const pgPool = await openDriverPool(db, { name: 'foyer jobs', max: atOnce + 2 })
  const pulse = openPulse(db, tell, ended)
  let pool: WorkerPool | undefined
  const stop = () => void Promise.resolve(pool?.gracefulShutdown()).catch(() => {})
  try {
    pool = runTaskList(await optionsOf(tell, pulse), taskListOf(tasks), pgPool)
    ended.addEventListener('abort', stop)
    if (ended.aborted) stop()
    await pool.promise
  } finally {
    ended.removeEventListener('abort', stop)
    await pulse.end()
    await pgPool.end()
  }
}

async function optionsOf(tell: Tell, pulse: Pulse) {
  const beforeTheFirstJob = {
    name: 'PulsePlugin',
    version: '1.0.0',
    worker: {
      hooks: {
        startWorker: (_: unknown, { worker }: { worker: { workerPool: WorkerPool } }) =>
          pulse.begin(worker.workerPool.id),
      },
    },
  }
  return {
    noHandleSignals: true,
    preset: {
      plugins: [beforeTheFirstJob],
      worker: {
        schema: 'graphile_worker',
        logger: await queueLogger(tell),
        concurrentJobs: atOnce,
        gracefulShutdownAbortTimeout: patienceMs,
        // Without these a job that ends while the database is away ends the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  }
}

/** In the words of the queue. */
export function taskListOf(tasks: Tasks): TaskList {
  const entries = Object.entries(tasks).map(([name, run]) => [
    name,
    (payload: unknown, { job }: { job: { attempts: number; max_attempts: number } }) =>
      run(payload as Payload, { isLast: job.attempts >= job.max_attempts }), // what addJob wrote
  ])
  return Object.fromEntries(entries)
}
