import { runOnce } from 'graphile-worker'
import { mailTasks } from '../../server/letters/tasks.ts'
import { openDriverPool } from '../../server/platform/jobs/driver.ts'
import { queueLogger, silence } from '../../server/platform/jobs/queue-log.ts'
import { taskListOf } from '../../server/platform/jobs/run-jobs.ts'
import type { World } from './world.ts'

/** Runs every job that waits, as the server would, and those that follow from them. */
export async function runJobs(world: World): Promise<void> {
  const pgPool = await openDriverPool(world.db, { name: 'foyer jobs', max: 3 })
  try {
    const logger = await queueLogger(silence)
    const tasks = taskListOf(mailTasks({ db: world.db, clock: world.now, config: world.config }))
    await runOnce({ pgPool, schema: 'graphile_worker', logger, noHandleSignals: true }, tasks)
  } finally {
    await pgPool.end()
  }
}

/** Makes every pause between two attempts end now. */
export async function endPauses(world: World): Promise<void> {
  await world.db`update graphile_worker._private_jobs set run_at = now() - interval '1 minute'`
}
