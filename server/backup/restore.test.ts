import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { printSchema } from '../../test/support/print-schema.ts'
import { openWorld } from '../../test/support/world.ts'
import { examine } from '../doctor/examine.ts'
import { openPool } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const world = await openWorld()
const { db } = world
const folder = await mkdtemp(join(tmpdir(), 'foyer-restore-'))
after(() => rm(folder, { recursive: true }))

const club = await world.organizer()
for (const email of ['jane@example.com', 'joe@example.com']) await world.paidOrder(club, { email, quantity: 2 })
const schema = await printSchema(db)
const file = join(folder, 'backup')
await writeBackup(db, file, { now: world.now() })

test('an installation with accounts is left alone', async () => {
  const [before] = await db`select count(*) from orders`

  await assert.rejects(restoreBackup(db, file), /This installation has accounts; only an empty one can be filled/)

  assert.deepEqual((await db`select count(*) from orders`)[0], before)
})

for (const table of ['accounts', 'daily_total_changes', 'tickets', 'venues']) {
  test(`killed while it loads ${table}, a restore leaves an empty installation that can be restored into`, async () => {
    await wipe()
    await migrate(db)

    await restoreKilledAt(table)

    const [{ rows }] = await db<[{ rows: number }]>`
      select ((select count(*) from accounts) + (select count(*) from orders) + (select count(*) from daily_totals))::integer as rows`
    assert.equal(rows, 0)
    assert.equal(await printSchema(db), schema)
    await restoreBackup(db, file)
    assert.deepEqual(await findings(), [])
  })
}

test('rows that belong to nothing are refused, and leave the installation empty', async () => {
  const orphaned = join(folder, 'orphaned')
  await db`alter table refunds disable trigger user`
  const [constraint] = await db<[{ conname: string }]>`
    select conname from pg_constraint where conrelid = 'refunds'::regclass and contype = 'f'`
  await db.unsafe(`alter table refunds drop constraint ${constraint.conname}`)
  await db`insert into refunds (account_id, order_id, amount_minor, refunded_at) values (${club.id}, 987654, 100, '2026-04-22')`
  await writeBackup(db, orphaned, { now: world.now() })
  await wipe()

  await assert.rejects(restoreBackup(db, orphaned), /violates foreign key constraint "refunds_.*Nothing was changed/)

  assert.equal((await db`select from accounts`).length, 0)
  assert.equal(await printSchema(db), schema)
  await restoreBackup(db, file)
  assert.deepEqual(await findings(), [])
})

test('mails that waited when the backup was taken are not sent from where it is restored, and show why', async () => {
  await world.paidOrder(await world.organizer())
  await writeBackup(db, join(folder, 'waiting'), { now: world.now() })
  await wipe()

  await restoreBackup(db, join(folder, 'waiting'))

  const rows = await db<
    { status: string; problem: string }[]
  >`select status, problem from mails order by id desc limit 1`
  assert.deepEqual(
    [...rows],
    [{ status: 'failed', problem: 'It waited when the backup was taken, and may have been sent since' }],
  )
  assert.deepEqual(await findings(), [])
})

test('ids go on where they were, also those that were given out and never kept', async () => {
  await db.begin(async (tx) => {
    await tx`insert into accounts (name, subdomain, currency, time_zone, created_at) values ('A', 'gone', 'EUR', 'UTC', '2026-04-22')`
    await tx`delete from accounts where subdomain = 'gone'`
  })
  const [{ last }] = await db<[{ last: bigint }]>`select last_value as last from accounts_id_seq`
  const again = join(folder, 'ids')
  await writeBackup(db, again, { now: world.now() })
  await wipe()
  await restoreBackup(db, again)

  const next = await world.organizer()

  assert.equal(BigInt(next.id), last + 1n)
})

test('whoever owns the database can restore it: nothing needs a superuser', async () => {
  const name = `owned_${process.pid}`
  await db.unsafe(`create role ${name} login password 'secret' nosuperuser`)
  await db.unsafe(`create database ${name} owner ${name}`)
  const url = Object.assign(new URL(world.url), { username: name, password: 'secret', pathname: `/${name}` })
  const owned = openPool(url.href, { max: 3 })
  try {
    await restoreBackup(owned, file)
    const report = await examine(owned, world.now())
    assert.deepEqual(
      report.checks.filter(({ ok }) => !ok),
      [],
    )
    await writeBackup(owned, join(folder, 'owned'), { now: world.now() })
  } finally {
    await owned.end()
    await db.unsafe(`drop database ${name}`)
    await db.unsafe(`drop role ${name}`)
  }
})

test('a newer Foyer restores the backup of an older one and brings it up to date; the older refuses the newer', async () => {
  const newer = await newerFoyer()
  const theirs = join(folder, 'theirs')
  await wipe()
  await newer.restoreBackup(db, file)
  assert.deepEqual([...(await db`select distinct motto from accounts`)], [{ motto: 'onwards' }])
  assert.deepEqual(await findings(), [])
  await newer.writeBackup(db, theirs, { now: world.now() })

  await wipe()
  await assert.rejects(restoreBackup(db, theirs), /newer/)
  await migrate(db)
  await assert.rejects(restoreBackup(db, theirs), /The backup is of a newer Foyer .* Install that version/)
  await newer.migrate(db)
  await assert.rejects(
    newer.restoreBackup(db, file),
    /set up by a newer one already. Restore into a database that no Foyer/,
  )

  assert.equal((await db`select from accounts`).length, 0)
  await newer.restoreBackup(db, theirs)
})

/** The same Foyer with one migration more. */
async function newerFoyer() {
  const copy = join(folder, 'newer')
  for (const part of ['server', 'database']) await cp(join(root, part), join(copy, part), { recursive: true })
  for (const shared of ['node_modules', 'package.json']) await symlink(join(root, shared), join(copy, shared))
  const sql = `alter table accounts add column motto text not null default 'backwards';
    update accounts set motto = 'onwards';`
  await writeFile(join(copy, 'database/migrations/9999_later.sql'), sql)
  const { restoreBackup: restore } = await import(join(copy, 'server/backup/restore-backup.ts'))
  const { writeBackup: write } = await import(join(copy, 'server/backup/write-backup.ts'))
  const { migrate: update } = await import(join(copy, 'server/platform/migrations.ts'))
  return { restoreBackup: restore, writeBackup: write, migrate: update } as {
    // the same modules, from a copy of their folder
    restoreBackup: typeof restoreBackup
    writeBackup: typeof writeBackup
    migrate: typeof migrate
  }
}

/** Restores in a process of its own, which dies as soon as it has come to that table. */
async function restoreKilledAt(table: string): Promise<void> {
  const script = `
    import { openPool } from ${JSON.stringify(join(root, 'server/platform/database.ts'))}
    import { restoreBackup } from ${JSON.stringify(join(root, 'server/backup/restore-backup.ts'))}
    const onProgress = (table) => { if (table === ${JSON.stringify(table)}) process.kill(process.pid, 'SIGKILL') }
    await restoreBackup(openPool(${JSON.stringify(world.url)}), ${JSON.stringify(file)}, { onProgress })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL')
}

async function findings() {
  return (await examine(db, world.now())).checks.filter(({ ok }) => !ok)
}

async function wipe(): Promise<void> {
  await db.unsafe('drop schema public cascade; create schema public')
}
