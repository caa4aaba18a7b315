import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import postgres from 'postgres'
import { openPool, type Pool } from '../../server/platform/database.ts'
import { migrateJobs } from '../../server/platform/jobs/job-schema.ts'
import { migrate } from '../../server/platform/migrations.ts'
import { startTestPostgres } from './test-postgres.ts'

export interface TestDatabase {
  url: string
  db: Pool
}

const template = 'foyer_template'

/**
 * An empty, migrated database for this test file alone, dropped after its last test. Made from a template on the server
 * that `npm test` started (TEST_DATABASE_URL); a file that is run by itself starts one.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? (await startOwnServer())
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} })
  const name = `test_${randomBytes(6).toString('hex')}`
  try {
    await admin`select pg_advisory_lock(7009)`
    await makeTemplate(admin, serverUrl)
    await admin.unsafe(`create database ${name} template ${template}`)
    await admin`select pg_advisory_unlock(7009)`
  } finally {
    await admin.end()
  }
  const url = withDatabase(serverUrl, name)
  const db = openPool(url)
  after(async () => {
    await db.end({ timeout: 5 })
    const cleaner = postgres(serverUrl, { max: 1, onnotice: () => {} })
    await cleaner.unsafe(`drop database if exists ${name} with (force)`)
    await cleaner.end()
    await ownServer?.stop()
  })
  return { url, db }
}

let ownServer: { url: string; stop(): Promise<void> } | undefined

async function startOwnServer(): Promise<string> {
  ownServer ??= await startTestPostgres()
  return ownServer.url
}

async function makeTemplate(admin: postgres.Sql, serverUrl: string): Promise<void> {
  const [known] = await admin`select from pg_database where datname = ${template}`
  if (known) return
  await admin.unsafe(`create database ${template}_new`)
  const db = openPool(withDatabase(serverUrl, `${template}_new`), { max: 1 })
  await migrate(db)
  await migrateJobs(db)
  await db.end()
  await admin.unsafe(`alter database ${template}_new rename to ${template}`)
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
