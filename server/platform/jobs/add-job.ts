import type { Db } from '../database.ts'

/** What a job is told: ids, so that it reads how things stand when it runs. Kept until it is done. */
export type Payload = Record<string, string | number>

/**
 * Puts a job into the queue, in the caller's transaction: it runs after the commit, in whichever server takes it first,
 * and not at all if the transaction fails. `key`: as long as a job of that key waits, another one replaces it.
 */
export async function addJob(db: Db, task: string, payload: Payload, key: string): Promise<void> {
  await db`
    select from graphile_worker.add_job(
      ${task}, payload => ${db.json(payload)}::json, max_attempts => ${mostAttempts}, job_key => ${key})`
}

/** With pauses that grow from seconds to six hours, three days. */
const mostAttempts = 20
