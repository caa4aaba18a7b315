import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { startDebianPostgres } from '../../test/support/debian-postgres.ts'
import { openPool } from '../platform/database.ts'
import { migrateJobs } from '../platform/jobs/job-schema.ts'
import { migrate } from '../platform/migrations.ts'
import { checks } from './checks.ts'
import { examine } from './examine.ts'
import { presentReport } from './present-report.ts'
import { triggers } from './schema-checks.ts'
import { brokenPromises, examinePlanted, soundWorld } from './sound-world.test.ts'

const world = await soundWorld()

test('a box office in which all is well passes every check', async () => {
  const report = await examine(world.db, world.now())

  assert.deepEqual(brokenPromises(report), [])
  assert.equal(report.ok, true)
  assert.equal(report.checks.length, checks.length)
  assert.match(presentReport(report), new RegExp(`\nAll ${checks.length} promises hold\\.$`))
})

test('cancelled tickets, imported orders and holds that ran out take no places from the shop', async () => {
  const full = await examinePlanted(world, {
    plant: `
      update ticket_types set stock = 8 where id = 1;
      update event_places set capacity = 8 where event_id = 1;
      update events set capacity = 8 where id = 1`,
  })

  assert.deepEqual(brokenPromises(full), [])
})

test('daily totals that have become zero may stay', async () => {
  const report = await examinePlanted(world, {
    plant: "insert into daily_totals values (1, 'orders', 0, '2020-01-01', 0, 0)",
  })

  assert.deepEqual(brokenPromises(report), [])
})

test('a slug that was given up may lead to its event still', async () => {
  const report = await examinePlanted(world, { plant: "insert into event_slugs values (1, 'old-name', 1)" })

  assert.deepEqual(brokenPromises(report), [])
})

test('what is sold while the doctor looks is not in the picture, not even in half', async () => {
  const examined = await world.db.begin(async (tx) => {
    await tx`lock table daily_totals in access exclusive mode`
    const examining = examine(world.db, world.now())
    await untilSomebodyWaitsFor('daily_totals')
    await world.db`update orders set line_count = 9 where id = 1`
    return { examining }
  })
  const before = await examined.examining
  const after = await examine(world.db, world.now())
  await world.db`update orders set line_count = 1 where id = 1`

  assert.deepEqual(brokenPromises(before), [])
  assert.deepEqual(brokenPromises(after), ["An order's lines are counted in it"])
})

test('who may only read can be the doctor', async () => {
  const reader = `reader_${randomBytes(6).toString('hex')}`
  await world.db.unsafe(`create role ${reader} login password 'secret' in role pg_read_all_data`)
  const db = openPool(Object.assign(new URL(world.url), { username: reader, password: 'secret' }).href, { max: 1 })

  const report = await examine(db, world.now())

  await db.end()
  await world.db.unsafe(`drop role ${reader}`)
  assert.deepEqual(brokenPromises(report), [])
})

test('every trigger of the schema is one that the doctor looks for', async () => {
  const rows = await world.db<{ name: string; enabled: string }[]>`
    select c.relname || '.' || t.tgname as name, t.tgenabled as enabled
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`

  assert.deepEqual(Object.fromEntries(rows.map(({ name, enabled }) => [name, enabled])), triggers)
})

test('people read what is broken, the first ten of each, and how many more there are', async () => {
  const name = 'The daily totals are what the orders, tickets and customers of each day make'
  const report = await examinePlanted(world, {
    plant: 'update daily_total_changes set amount_minor = amount_minor + 1',
    name,
  })

  const { broken = 0, examples } = report.checks[0] ?? {}
  assert.ok(broken > 10)
  assert.equal(examples?.length, 10)
  const text = presentReport(report)
  assert.match(
    text,
    /^BROKEN {2}The daily totals are .*\n +account 1, daily_totals \S+: count \d+ and amount \d+ are kept/m,
  )
  assert.ok(text.includes(`and ${broken - 10} more\n`))
  assert.match(text, /\n1 of 1 promises is broken\.$/)
})

test('a shop without imprint, terms or privacy notice is warned of, and nothing is called broken by it', async () => {
  const before = await examine(world.db, world.now())
  const [first = ''] = before.warnings
  assert.match(
    first,
    /^account 1: the footer of the shop lacks imprint, terms_url, privacy_url\. Set it: foyer settings set/,
  )
  assert.match(presentReport(before), /\nWARNING account 1: /)
  assert.equal(before.ok, true)

  await world.db`
    update accounts set imprint = 'Here', terms_url = 'https://a.example', privacy_url = 'https://b.example' where id = 1`
  const after = await examine(world.db, world.now())
  await world.db`update accounts set imprint = null, terms_url = null, privacy_url = null where id = 1`
  assert.equal(after.warnings.length, before.warnings.length - 1)
})

test('mails of the last month that failed are warned of, and nothing is called broken by them', async () => {
  const before = await examine(world.db, world.now())
  const fail = (endedAt: Date) => world.db`
    update mails set status = 'failed', problem = '550 Unknown', created_at = ${endedAt}, ended_at = ${endedAt}
    where id = (select max(id) from mails where account_id = 1)`

  await fail(world.now())
  const after = await examine(world.db, world.now())
  await fail(new Date(world.now().getTime() - 31 * 86_400_000))
  const later = await examine(world.db, world.now())

  assert.equal(after.ok, true)
  assert.match(presentReport(after), /\nWARNING account 1: 1 mail of the last 30 days failed\./)
  assert.deepEqual(later.warnings, before.warnings)
})

test('the oldest PostgreSQL that Foyer supports understands every check', async () => {
  const server = await startDebianPostgres()
  const db = openPool(server.url)
  try {
    await migrate(db)
    await migrateJobs(db)

    const report = await examine(db, world.now())

    assert.deepEqual(brokenPromises(report), [])
  } finally {
    await db.end({ timeout: 5 })
    await server.stop()
  }
})

/** Resolves once a query is blocked by a lock on the table. */
async function untilSomebodyWaitsFor(table: string): Promise<void> {
  for (;;) {
    const waiting = await world.db`
      select from pg_locks where relation = ${table}::regclass and not granted
        and database = (select oid from pg_database where datname = current_database())`
    if (waiting.length > 0) return
  }
}
