import { existsSync, globSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { joinEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts'
import { carelessSettings } from './test-postgres.ts'

const oldest = '/usr/lib/postgresql/15/bin'

/**
 * Debian's PostgreSQL, 15 if it is installed, for one test run, with files that `stop()` removes. Close your connections
 * first.
 */
export async function startDebianPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const bin = existsSync(oldest) ? oldest : globSync('/usr/lib/postgresql/*/bin/initdb').map(dirname)[0]
  if (!bin) throw new Error("Debian's PostgreSQL is missing. Install it: apt-get install -y postgresql")
  const dataDir = await mkdtemp(join(tmpdir(), 'foyer-test-debian-'))
  // Before 16, PostgreSQL must be able to come back to its folder by name.
  await chmod(dataDir, 0o711)
  const { url, leave } = await joinEmbeddedPostgres(dataDir, () => {}, carelessSettings, bin)
  return {
    url,
    stop: async () => {
      await leave()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
