import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { printSchema } from '../../test/support/print-schema.ts'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { examine } from '../doctor/examine.ts'
import { readEnclosed } from './envelope.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const world = await openWorld()
const { db } = world
const folder = await mkdtemp(join(tmpdir(), 'foyer-backup-'))
after(() => rm(folder, { recursive: true }))

test('a backup taken while buyers buy, restored after everything was lost, is one moment of the box office', async () => {
  const quiet = await world.organizer()
  for (const email of ['jane@example.com', 'zoë@example.com'])
    await world.paidOrder(quiet, { email, name: 'Zoë O"Hara', company: '\\N', marketingConsent: true })
  const list = await customerList(quiet)
  const schema = await wholeSchema()
  await addDeclinedPayments(quiet, 200_000)
  const buyers = letBuy(await world.organizer(), 6)
  await buyers.sold(8)
  const soldBefore = buyers.paid.length
  const soldAt: number[] = []

  const file = join(folder, 'under-load')
  const onProgress = (table: string) => {
    // Orders are read already, their tickets not yet.
    if (table === 'payments') soldAt.push(buyers.paid.length)
  }
  const made = await writeBackup(db, file, { now: world.now(), onProgress })
  await buyers.sold(buyers.paid.length + 4)
  const acknowledged = await buyers.stop()
  await wipe()
  const restored = await restoreBackup(db, file)

  assert.ok((soldAt.at(-1) ?? 0) > (soldAt[0] ?? 0), 'nobody bought between one table and the next')
  assert.equal(made.bytes, (await stat(file)).size)
  assert.deepEqual(restored, {
    tables: made.tables,
    rows: made.rows,
    createdAt: '2026-04-22T12:34:50Z',
    foyerVersion: '0.1.0',
  })
  assert.deepEqual(
    (await examine(db, world.now())).checks.filter(({ ok }) => !ok),
    [],
  )
  assert.equal(await wholeSchema(), schema)
  assert.equal(await customerList(quiet), list)
  const kept = (await db<{ publicId: string }[]>`select public_id from orders`).map((row) => row.publicId)
  assert.deepEqual(
    acknowledged.slice(0, soldBefore).filter((id) => !kept.includes(id)),
    [],
  )
  expect(
    201,
    await world.send(quiet, 'POST', '/admin/venues', { name: 'B', address: 'S', city: 'B', postal_code: '1' }),
  )
  await world.paidOrder(await world.organizer(), { email: 'after@example.com' })
  assert.equal((await examine(db, world.now())).ok, true, 'sums are kept from then on')
})

test('restored and backed up again, every table holds the same lines', async () => {
  const club = await world.organizer()
  await world.paidOrder(club, { quantity: 3 })
  const imprint = '\\.\n\\N\ttab "quote"\r\n\\.\n{"rows":0}\u{1f3ad}\\'.repeat(9000)
  await db`update accounts set imprint = ${imprint} where id = ${club.id}`
  await db`update mails set status = 'sent', ended_at = created_at where status = 'waiting'` // those that wait end with a restore
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]

  await writeBackup(db, first, { now: world.now() })
  await wipe()
  await restoreBackup(db, first)
  await writeBackup(db, second, { now: world.now() })

  assert.equal(await textOf(second), await textOf(first))
  assert.deepEqual([...(await db`select imprint from accounts where id = ${club.id}`)], [{ imprint }])
})

test('every table of the schema is in the backup, also one that was made later', async () => {
  await db`create table favourites (account_id integer references accounts, song text, loud text generated always as (upper(song)) stored)`
  await db`insert into favourites (song) values ('Ode'), (null), ('a	b')`
  const file = join(folder, 'later')
  try {
    await writeBackup(db, file, { now: world.now() })
  } finally {
    await db`drop table favourites`
  }

  const text = await textOf(file)
  assert.ok(
    text.includes('{"table":"favourites","columns":["account_id","song"]}\n\\N\tOde\n\\N\t\\N\n\\N\ta\\tb\n\\.\n'),
  )
  const [{ tables }] = await db<[{ tables: string[] }]>`
    select array_agg(tablename::text order by tablename) as tables from pg_tables
    where schemaname = 'public' and tablename <> 'migrations'`
  assert.deepEqual(
    tables.filter((table) => !text.includes(`{"table":"${table}",`)),
    [],
  )
})

test('only the owner may read the file, and a file that is there is never overwritten', async () => {
  const file = join(folder, 'private')
  await writeBackup(db, file, { now: world.now() })
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(existsSync(`${file}.partial`), false)

  await writeFile(join(folder, 'diary'), 'Dear diary')
  await assert.rejects(writeBackup(db, join(folder, 'diary'), { now: world.now() }), /diary is there already/)
  assert.equal(await readFile(join(folder, 'diary'), 'utf8'), 'Dear diary')

  await writeFile(join(folder, 'begun.partial'), 'half')
  await assert.rejects(
    writeBackup(db, join(folder, 'begun'), { now: world.now() }),
    /another backup is writing it, or was cut off/,
  )
  assert.equal(await readFile(join(folder, 'begun.partial'), 'utf8'), 'half')

  await assert.rejects(
    writeBackup(db, join(folder, 'no/such/folder'), { now: world.now() }),
    /Could not write .*ENOENT/,
  )
})

test('a backup waits for a migration that runs, and then sees what it made', async () => {
  const file = join(folder, 'meanwhile')

  const writing = await db.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(7000)`
    const begun = writeBackup(db, file, { now: world.now() })
    await untilSomeoneWaits()
    await tx`create table meanwhile (song text)`
    await tx`insert into migrations (name, checksum) values ('9998_meanwhile.sql', '')`
    return { begun }
  })
  await writing.begun
  await db`drop table meanwhile`
  await db`delete from migrations where name = '9998_meanwhile.sql'`

  const [header = ''] = (await textOf(file)).split('\n')
  const { migrations, tables } = JSON.parse(header)
  assert.ok(migrations.some(({ name }: { name: string }) => name === '9998_meanwhile.sql'))
  assert.ok(tables.includes('meanwhile'))
})

async function untilSomeoneWaits(): Promise<void> {
  while ((await db`select from pg_locks where locktype = 'advisory' and not granted`).length === 0);
}

async function textOf(file: string): Promise<string> {
  await using handle = await open(file)
  const chunks = readEnclosed(handle, (await handle.stat()).size)
  let text = ''
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) text += next.value
  return text
}

/** With when its triggers fire: always, or not for a replica. */
async function wholeSchema(): Promise<string> {
  const triggers = await db<{ line: string }[]>`
    select format('%s %s %s', tgrelid::regclass, tgname, tgenabled) as line
    from pg_trigger where not tgisinternal order by 1`
  return [await printSchema(db), ...triggers.map(({ line }) => line)].join('\n')
}

async function customerList(who: Organizer): Promise<string> {
  const answer = await world.get(who, '/admin/customers?period=all_time')
  assert.equal(answer.status, 200)
  return answer.text
}

/** What takes a while to read. */
async function addDeclinedPayments(who: Organizer, count: number): Promise<void> {
  await db`
    insert into payments (account_id, provider, idempotency_key, amount_minor, currency, status, created_at)
    select ${who.id}, 'test', md5(i::text), 100, 'EUR', 'declined', '2026-04-22' from generate_series(1, ${count}) i`
}

/** Buyers who buy one ticket after the other until they are stopped. */
function letBuy(who: Organizer, buyers: number) {
  const paid: string[] = []
  let isOver = false
  let tellSale = () => {}
  const buyAgain = async (eventSlug: string, ticketId: number, buyer: number) => {
    for (let turn = 0; !isOver; turn++) {
      const email = `buyer-${buyer}-${turn % 3}@example.com`
      paid.push((await world.paidOrder(who, { eventSlug, ticketId, email })).public_id)
      tellSale()
    }
  }
  const running = world
    .event(who)
    .then(({ slug, ticketId }) =>
      Promise.all(Array.from({ length: buyers }, (_, buyer) => buyAgain(slug, ticketId, buyer))),
    )
  return {
    paid,
    /** Resolves once that many are sold in all. */
    sold: async (count: number) => {
      const enough = new Promise<void>((resolve) => {
        tellSale = () => (paid.length >= count ? resolve() : undefined)
      })
      await Promise.race([running, enough])
    },
    stop: async () => {
      isOver = true
      await running
      return paid
    },
  }
}

async function wipe(): Promise<void> {
  await db.unsafe('drop schema public cascade; create schema public')
}
