import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startDebianPostgres } from '../../test/support/debian-postgres.ts'
import { openWorld } from '../../test/support/world.ts'
import { examine } from '../doctor/examine.ts'
import { openPool, type Pool } from '../platform/database.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const folder = await mkdtemp(join(tmpdir(), 'foyer-versions-'))
after(() => rm(folder, { recursive: true }))

test('a backup moves between PostgreSQL 18 and the oldest that Foyer runs on, there and back', async () => {
  const world = await openWorld()
  const club = await world.organizer()
  for (const email of ['jane@example.com', 'joe@example.com'])
    await world.paidOrder(club, { email, name: 'Ζωή Größe', company: 'Œuvres', quantity: 2 })
  const list = await world.get(club, '/admin/customers')
  const debian = await startDebianPostgres()
  const old = openPool(debian.url)
  try {
    assert.notEqual(await versionOf(old), await versionOf(world.db))

    await writeBackup(world.db, join(folder, 'new'), { now: world.now() })
    await restoreBackup(old, join(folder, 'new'))
    assert.deepEqual(
      (await examine(old, world.now())).checks.filter(({ ok }) => !ok),
      [],
    )

    await writeBackup(old, join(folder, 'old'), { now: world.now() })
    await world.db.unsafe('drop schema public cascade; create schema public')
    await restoreBackup(world.db, join(folder, 'old'))
    assert.deepEqual(
      (await examine(world.db, world.now())).checks.filter(({ ok }) => !ok),
      [],
    )
    assert.equal((await world.get(club, '/admin/customers')).text, list.text)
  } finally {
    await old.end()
    await debian.stop()
  }
})

async function versionOf(db: Pool): Promise<number> {
  const [{ version }] = await db<
    [{ version: number }]
  >`select current_setting('server_version_num')::integer / 10000 as version`
  return version
}
