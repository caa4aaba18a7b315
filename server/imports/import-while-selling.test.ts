import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { examine } from '../doctor/examine.ts'
import { openPool, type Pool } from '../platform/database.ts'
import { importOrders } from './import-orders.ts'
import type { Progress } from './progress.ts'

const world = await openWorld()
world.setTime('2026-06-01T12:00:00Z')

const line = (n: number, email: string, slug: string) => ({
  ref: `R-${n}`,
  paid_at: '2026-04-22T12:34:50Z',
  email,
  name: 'From the file',
  event_slug: slug,
  items: [{ ticket_title: 'General Admission', unit_price: '21.00', quantity: 2 }],
})

async function bringIn(club: Organizer, lines: object[], onProgress: Progress, db: Pool = world.db) {
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  async function* source() {
    yield Buffer.from(lines.map((each) => JSON.stringify(each)).join('\n'))
  }
  return importOrders(db, account, source(), { createEvents: false, dryRun: false, now: world.now(), onProgress })
}

async function somebodyWaits(locktype = 'transactionid'): Promise<void> {
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await world.db<[{ count: number }]>`
      select count(*)::integer as count from pg_locks where locktype = ${locktype} and not granted`
    waiting = row.count
  }
}

async function customersOf(club: Organizer) {
  return expect(200, await world.get(club, '/admin/customers?period=all_time')).customers
}

async function assertSound(): Promise<void> {
  const { checks } = await examine(world.db, world.now())
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  )
}

for (const [buyer, isKnown] of [
  ['a newcomer who is in the file too', false],
  ['a customer whom the file changes', true],
] as const) {
  test(`${buyer} pays while the import writes customers, and both count`, async () => {
    const club = await world.organizer()
    const { slug, ticketId } = await world.event(club)
    const buy = () =>
      world.paidOrder(club, { eventSlug: slug, ticketId, email: 'both@example.com', name: 'From the shop' })
    if (isKnown) await buy()
    const events: string[] = []
    let paying: Promise<unknown> | undefined
    const lines = ['one@example.com', 'both@example.com', 'two@example.com'].map((email, n) => line(n, email, slug))

    const outcome = await bringIn(club, lines, async (_count, phase) => {
      if (phase !== 'customers') return
      events.push('customers written')
      if (!paying) {
        paying = buy().then(() => events.push('paid'))
        await somebodyWaits()
      } else await paying
    })
    events.push('imported')

    assert.equal(events.filter((event) => event === 'customers written').length, 2)
    assert.equal(events.at(-1), 'imported')
    assert.ok(events.includes('paid'))
    assert.deepEqual(outcome, { imported: 3, skipped: 0, customers: 2 })
    const both = (await customersOf(club)).filter(({ email }: { email: string }) => email === 'both@example.com')
    assert.equal(both.length, 1)
    assert.equal(both[0].name, 'From the shop')
    assert.equal(both[0].created_at, '2026-04-22T12:34:50Z')
    assert.equal(both[0].total_spent.amount, isKnown ? '84.00' : '63.00')
    const detail = expect(200, await world.get(club, `/admin/customers/${both[0].id}`))
    assert.equal(detail.orders.length, isKnown ? 3 : 2)
    await assertSound()
  })
}

for (const table of ['orders', 'customers', 'event_places']) {
  test(`an import that is killed while it writes ${table} leaves nothing, and can be run again`, async () => {
    const club = await world.organizer()
    const { slug } = await world.event(club)
    const lines = Array.from({ length: 50 }, (_, n) => line(n, `buyer${n}@example.com`, slug))
    const [locked, killed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const locking = world.db.begin(async (tx) => {
      await tx`lock table ${tx(table)} in exclusive mode`
      locked.resolve()
      await killed.promise
    })
    await locked.promise
    const command = importCommand(club, lines)
    const waiting = await pidWaitingForATable()
    const emptying = await pidEmptyingWordLists()
    command.kill('SIGKILL')
    await once(command, 'exit')
    killed.resolve()
    await locking
    await gone(waiting)
    await gone(emptying)

    assert.deepEqual(await customersOf(club), [])
    assert.equal(expect(200, await world.get(club, `/admin/events/${slug}`)).stats.sold_count, 0)
    await assertSound()
    assert.deepEqual(await bringIn(club, lines, () => {}), { imported: 50, skipped: 0, customers: 50 })
    await assertSound()
  })
}

function importCommand(club: Organizer, lines: object[]): ChildProcess {
  const cli = new URL('../cli.ts', import.meta.url).pathname
  const env = { ...process.env, DATABASE_URL: world.url }
  const child = spawn(process.execPath, [cli, 'import', 'orders', '-', '--account', club.subdomain], { env })
  child.stdin.end(lines.map((each) => JSON.stringify(each)).join('\n'))
  return child
}

async function pidWaitingForATable(): Promise<number> {
  for (;;) {
    const [waiting] = await world.db<{ pid: number }[]>`
      select pid from pg_locks where locktype = 'relation' and not granted
        and database = (select oid from pg_database where datname = current_database())`
    if (waiting) return waiting.pid
  }
}

async function pidEmptyingWordLists(): Promise<number> {
  for (;;) {
    const [emptying] = await world.db<{ pid: number }[]>`
      select pid from pg_stat_activity
      where datname = current_database() and query like '%gin_clean_pending_list%' and pid <> pg_backend_pid()`
    if (emptying) return emptying.pid
  }
}

async function gone(pid: number): Promise<void> {
  while ((await world.db`select from pg_stat_activity where pid = ${pid}`).count > 0);
}

test('two imports of one account do not run at once, and those of two accounts do', async () => {
  const [club, other] = [await world.organizer(), await world.organizer()]
  const [{ slug }, elsewhere] = [await world.event(club), await world.event(other)]
  let tried = false

  const outcome = await bringIn(club, [line(1, 'a@example.com', slug)], async () => {
    if (tried) return
    tried = true
    await assert.rejects(
      bringIn(club, [line(2, 'b@example.com', slug)], () => {}),
      /Another import/,
    )
    const theirs = await bringIn(other, [line(1, 'a@example.com', elsewhere.slug)], () => {})
    assert.equal(theirs.imported, 1)
  })

  assert.equal(outcome.imported, 1)
})

test('a database user who may not skip the look-up of keys imports the same', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  await world.paidOrder(club, { eventSlug: slug, ticketId, email: 'known@example.com' })
  await world.db.unsafe(`
    create role plain_${club.id} login password 'plain';
    grant all on all tables in schema public to plain_${club.id};
    grant all on all sequences in schema public to plain_${club.id}`)
  const url = new URL(world.url)
  url.username = `plain_${club.id}`
  url.password = 'plain'
  const plain = openPool(url.href, { max: 1 })
  try {
    const lines = ['known@example.com', 'new@example.com'].map((email, n) => line(n, email, slug))
    assert.deepEqual(await bringIn(club, lines, () => {}, plain), { imported: 2, skipped: 0, customers: 1 })
  } finally {
    await plain.end()
    await world.db.unsafe(`drop owned by plain_${club.id}; drop role plain_${club.id}`)
  }
  assert.equal((await customersOf(club)).length, 2)
  await assertSound()
})

test('the time zone stays while an import runs, and who tries to change it holds up no sale', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const change = () => world.send(club, 'PATCH', '/admin/settings', { time_zone: 'America/New_York' })
  let asked = false

  await bringIn(club, [line(1, 'a@example.com', slug)], async (_count, phase) => {
    if (phase !== 'orders' || asked) return
    asked = true
    const changing = change()
    await somebodyWaits('advisory')
    await world.paidOrder(club, { eventSlug: slug, ticketId })
    assert.deepEqual(expect(409, await changing), { errors: { base: [running] } })
  })

  assert.ok(asked)
  expect(200, await change())
  await assertSound()
})
const running = 'Orders are being written, as by an import: change the time zone when it has ended'

test('an event that somebody else names so at the same moment is the one that the orders are for', async () => {
  const club = await world.organizer()
  const { id } = await world.event(club)
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  const source = [Buffer.from(JSON.stringify(line(1, 'a@example.com', 'taken')))]
  const importing = Promise.withResolvers<{ imported: number }>()
  await world.db.begin(async (tx) => {
    await tx`update events set slug = 'taken' where account_id = ${club.id} and id = ${id}`
    const options = { createEvents: true, dryRun: false, now: world.now() }
    importOrders(world.db, account, Readable.from(source), options).then(importing.resolve, importing.reject)
    await somebodyWaits()
  })

  assert.equal((await importing.promise).imported, 1)
  const event = expect(200, await world.get(club, '/admin/events/taken'))
  assert.deepEqual([event.id, event.stats.sold_count], [id, 2])
  await assertSound()
})

test('a customer who is gone by the time that they are written is made anew', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  await world.paidOrder(club, { eventSlug: slug, ticketId, email: 'gone@example.com' })
  const before = (await customersOf(club))[0].id

  await bringIn(club, [line(1, 'gone@example.com', slug)], async (_count, phase) => {
    if (phase === 'orders') await erase(club, 'gone@example.com')
  })

  const [customer] = await customersOf(club)
  assert.notEqual(customer.id, before)
  assert.deepEqual([customer.email, customer.total_spent.amount], ['gone@example.com', '42.00'])
  assert.equal(expect(200, await world.get(club, `/admin/customers/${customer.id}`)).orders.length, 1)
})

/** Takes rows out by hand, sums and all: no test after this one can look at them. */
async function erase(club: Organizer, email: string): Promise<void> {
  const customer = world.db`select id from customers where account_id = ${club.id} and email = ${email}`
  await world.db`delete from mails where account_id = ${club.id}`
  await world.db`delete from checkouts where account_id = ${club.id}`
  await world.db`alter table invoices disable trigger keep_invoices`
  await world.db`delete from invoices where account_id = ${club.id}`
  await world.db`delete from tickets where account_id = ${club.id}`
  await world.db`delete from order_lines where account_id = ${club.id}`
  await world.db`delete from orders where account_id = ${club.id} and customer_id in (${customer})`
  await world.db`delete from customer_events where account_id = ${club.id}`
  await world.db`delete from customers where account_id = ${club.id} and email = ${email}`
}
