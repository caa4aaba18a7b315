import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openWorld } from '../../test/support/world.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const world = await openWorld()
const { db } = world
const folder = await mkdtemp(join(tmpdir(), 'foyer-broken-off-'))
after(() => rm(folder, { recursive: true }))

const club = await world.organizer()
await db`
  insert into payments (account_id, provider, idempotency_key, amount_minor, currency, status, created_at)
  select ${club.id}, 'test', md5(i::text), 100, 'EUR', 'declined', '2026-04-22' from generate_series(1, 40000) i`

test('a backup that is broken off leaves no file, and the connections as usable as before', async () => {
  const file = join(folder, 'broken-off')
  const onProgress = (table: string) => {
    if (table === 'payments') throw new Error('enough')
  }

  await assert.rejects(writeBackup(db, file, { now: world.now(), onProgress }), /enough/)

  assert.deepEqual([existsSync(file), existsSync(`${file}.partial`)], [false, false])
  const [{ stuck }] = await db<[{ stuck: number }]>`
    select count(*)::integer as stuck from pg_stat_activity where datname = current_database() and state like 'idle in%'`
  assert.equal(stuck, 0)
  const { rows } = await writeBackup(db, file, { now: world.now() })
  assert.ok(rows > 40_000)
})

test('where the disk is full a backup says so, and leaves no file', async () => {
  const file = join(folder, 'too-large')

  const said = await runLimited('write-backup.ts', `writeBackup(db, ${JSON.stringify(file)}, { now: new Date() })`)

  assert.match(said, /^Could not write .*too-large: EFBIG/)
  assert.deepEqual([existsSync(file), existsSync(`${file}.partial`)], [false, false])
})

test('killed while it writes, a backup leaves no file that could be taken for one', async () => {
  const file = join(folder, 'killed')

  await runLimited(
    'write-backup.ts',
    `writeBackup(db, ${JSON.stringify(file)}, { now: new Date(), onProgress: dieAtPayments })`,
  )

  assert.equal(existsSync(file), false)
  assert.ok((await stat(`${file}.partial`)).isFile())
  await assert.rejects(restoreBackup(db, `${file}.partial`), /not a backup of Foyer|damaged or not whole/)
  await assert.rejects(writeBackup(db, file, { now: world.now() }), /was cut off. If none is running, delete it/)
  await rm(`${file}.partial`)
  await writeBackup(db, file, { now: world.now() })
})

/** Runs the act in a process of its own, whose files can't become larger than 100 KiB. */
async function runLimited(module: string, act: string): Promise<string> {
  const script = `
    import { openPool } from ${JSON.stringify(join(root, 'server/platform/database.ts'))}
    import * as room from ${JSON.stringify(join(root, 'server/backup', module))}
    const db = openPool(${JSON.stringify(world.url)})
    const dieAtPayments = (table) => { if (table === 'payments') process.kill(process.pid, 'SIGKILL') }
    await room.${act}.catch(({ message }) => console.log(message))
    await db.end()`
  const limited = 'ulimit -f 100; exec "$0" --input-type=module -e "$1"'
  const child = spawn('bash', ['-c', limited, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
  return said
}
