import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { examine } from '../doctor/examine.ts'
import { ImportRefused } from './bad-lines.ts'
import { importOrders } from './import-orders.ts'

const world = await openWorld()
world.setTime('2026-06-01T12:00:00Z')

/** More than are written together. */
const many = 21_000

const line = (n: number, more: object = {}) => ({
  ref: `R-${n}`,
  paid_at: '2026-04-22T12:34:50Z',
  email: `buyer${n % 1000}@example.com`,
  event_slug: 'spring-showcase',
  items: [{ ticket_title: 'General Admission', unit_price: '21.00', quantity: 1 }],
  ...more,
})
const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n))
const written = (rows: (object | string)[]) =>
  Buffer.from(rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''))

async function bringIn(club: Organizer, source: AsyncIterable<Uint8Array>, dryRun = false) {
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  return importOrders(world.db, account, source, { createEvents: true, dryRun, now: world.now() })
}

async function* fileOf(rows: (object | string)[]) {
  yield written(rows)
}

const ordersOf = async (club: Organizer) => (await world.db`select from orders where account_id = ${club.id}`).count
const assertSound = async () => {
  const { checks } = await examine(world.db, world.now())
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  )
}

test('a large file comes in whole: every order, each buyer once, and every sum exact', async () => {
  const club = await world.organizer()
  const rows = [...lines(many), line(2)]
  assert.deepEqual(await bringIn(club, fileOf(rows)), { imported: many, skipped: 1, customers: 1000 })
  const { stats } = expect(200, await world.get(club, '/admin/customers?period=all_time'))
  assert.deepEqual(stats, { customer_count: 1000, total_spent: { amount: '441000.00', currency: 'EUR' } })
  await assertSound()
})

test('a ref that is repeated at any distance is one order', async () => {
  const club = await world.organizer()
  const repeated = lines(300).map((each, n) => ({ ...each, ref: `R-${n % 10 === 9 ? Math.floor(n / 2) : n}` }))
  const count = new Set(repeated.map(({ ref }) => ref)).size
  assert.deepEqual(await bringIn(club, fileOf(repeated)), { imported: count, skipped: 300 - count, customers: count })
  await assertSound()
})

test('orders of which one got a code that is taken come in under other codes', async () => {
  const club = await world.organizer()
  // Drawing a code that is taken can't be arranged: PostgreSQL says for once that it happened.
  await world.db.unsafe(`
    create sequence attempts;
    create function refuse_once() returns trigger language plpgsql as $$ begin
      if nextval('attempts') = 100 then
        raise unique_violation using constraint = 'orders_account_id_order_code_key';
      end if;
      return new;
    end $$;
    create trigger refuse_once before insert on orders for each row execute function refuse_once();
    alter table orders enable always trigger refuse_once`)
  try {
    assert.deepEqual(await bringIn(club, fileOf(lines(300))), { imported: 300, skipped: 0, customers: 300 })
    const [{ attempts }] = await world.db<[{ attempts: number }]>`select last_value::integer as attempts from attempts`
    assert.equal(attempts, 400)
  } finally {
    await world.db.unsafe('drop trigger refuse_once on orders; drop function refuse_once; drop sequence attempts')
  }
  await assertSound()
})

test('the first bad line takes back what was written before it, at once, and the lines after it are still read', async () => {
  const club = await world.organizer()
  const other = { imported: 0 }
  async function* source() {
    yield written([...lines(many), 'not json'])
    yield written(lines(many))
    // The file goes on, and somebody else has the account to themselves already.
    other.imported = (await bringIn(club, fileOf([line(1)]))).imported
    yield written(['not json either', line(7)])
  }

  const refusal = await bringIn(club, source()).catch((error: unknown) => error)

  assert.ok(refusal instanceof ImportRefused)
  assert.deepEqual(
    refusal.badLines.map(({ line }) => line),
    [many + 1, 2 * many + 2],
  )
  assert.equal(other.imported, 1)
  assert.equal(await ordersOf(club), 1)
  await assertSound()
})

test('a file that can not be read to its end leaves nothing, whatever was on its way', async () => {
  const club = await world.organizer()
  async function* source() {
    yield written(lines(many))
    throw new Error('the disk is gone')
  }
  await assert.rejects(bringIn(club, source()), /the disk is gone/)
  assert.equal(await ordersOf(club), 0)
  assert.deepEqual(await bringIn(club, fileOf([line(1)])), { imported: 1, skipped: 0, customers: 1 })
})

test('a ref counts once, however far apart its lines are, and a dry run says so before', async () => {
  const club = await world.organizer()
  await bringIn(club, fileOf([line(3)]))
  const rows = [...lines(many), line(1), line(many - 1), line(many), line(many)]
  const outcome = { imported: many, skipped: 4, customers: 999 }
  assert.deepEqual(await bringIn(club, fileOf(rows), true), outcome)
  assert.deepEqual(await bringIn(club, fileOf(rows)), outcome)
  assert.equal(await ordersOf(club), many + 1)
  await assertSound()
})

test('what is made has the time, the title and the price of its latest order, wherever that stands in the file', async () => {
  const club = await world.organizer()
  const priced = (unit_price: string) => ({ items: [{ ticket_title: 'GA', unit_price, quantity: 1 }] })
  await bringIn(
    club,
    fileOf([
      line(1, { paid_at: '1968-01-01T20:00:00Z', event_title: 'First', ...priced('1.00') }),
      line(2, { paid_at: '2026-02-01T20:00:00Z', event_title: 'Later', ...priced('2.00') }),
      ...lines(many).slice(3),
      line(many + 1, { paid_at: '2026-05-01T20:00:00Z', ...priced('3.00') }),
      line(many + 2, { paid_at: '2026-01-01T20:00:00Z', event_title: 'Between', ...priced('4.00') }),
      line(many + 3, { paid_at: '1968-01-01T20:00:00Z', event_slug: 'long-ago', event_title: 'Long ago' }),
    ]),
  )
  const event = expect(200, await world.get(club, '/admin/events/spring-showcase'))
  assert.deepEqual([event.title, event.starts_at, event.published], ['Later', '2026-05-01T20:00:00Z', false])
  const old = expect(200, await world.get(club, '/admin/events/long-ago'))
  assert.deepEqual([old.title, old.starts_at], ['Long ago', '1968-01-01T20:00:00Z'])
  const { tickets } = expect(200, await world.get(club, '/admin/events/spring-showcase/tickets'))
  assert.deepEqual(
    tickets.map((ticket: { title: string; price: { amount: string } }) => [ticket.title, ticket.price.amount]),
    [
      ['GA', '3.00'],
      ['General Admission', '21.00'],
    ],
  )
  await assertSound()
})

test('an event is the same under the slugs that it had', async () => {
  const club = await world.organizer()
  const { slug } = await world.event(club)
  expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { slug: 'new-name' }))
  await bringIn(club, fileOf([line(1, { event_slug: slug }), line(2, { event_slug: 'new-name' })]))
  const { stats } = expect(200, await world.get(club, '/admin/events/new-name'))
  assert.deepEqual([stats.sold_count, stats.total_orders], [2, 2])
  await assertSound()
})
