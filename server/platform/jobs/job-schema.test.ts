import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { addJob } from './add-job.ts'
import { migrateJobs } from './job-schema.ts'

const { db } = await testDatabase()

test('instances that start together on a new database all find the queue ready, and once it is there nothing is done', async () => {
  await db`drop schema graphile_worker cascade`

  await Promise.all([migrateJobs(db), migrateJobs(db), migrateJobs(db)])
  const [before] = await db`select count(*), max(ts) from graphile_worker.migrations`
  await migrateJobs(db)

  const [after] = await db`select count(*), max(ts) from graphile_worker.migrations`
  assert.deepEqual(after, before)
  await addJob(db, 'test', { number: 1 }, 'key')
  const jobs = await db`select task_identifier, key, max_attempts from graphile_worker.jobs`
  assert.deepEqual([...jobs], [{ taskIdentifier: 'test', key: 'key', maxAttempts: 20 }])
})

test('a job is there once its transaction has ended well, and never if it failed', async () => {
  const failure = new Error('failed')
  const failed = db.begin(async (tx) => {
    await addJob(tx, 'test', {}, 'in vain')
    throw failure
  })

  await assert.rejects(failed, failure)

  assert.deepEqual([...(await db`select from graphile_worker.jobs where key = 'in vain'`)], [])
})
