import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts'

/** A test's data need not survive the machine. */
export const carelessSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** A PostgreSQL for one test run, with files that `stop()` removes. Close your connections first. */
export async function startTestPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'foyer-test-'))
  const { url, leave } = await joinEmbeddedPostgres(dataDir, () => {}, carelessSettings)
  return {
    url,
    stop: async () => {
      await leave()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
