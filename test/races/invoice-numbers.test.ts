import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from '../../server/doctor/checks.ts'
import { examineIn } from '../../server/doctor/examine.ts'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerHere(start)])

test('fifty orders that are paid at once are numbered from 1 to 50, and refunds at once go on from there', async () => {
  const { club, shop, statuses, orders } = await payFiftyAtOnce(servers)
  assert.deepEqual(statuses, Array(50).fill(200))
  assert.deepEqual(await numbersOf(club.id), upTo(50))

  const refunds = orders.flatMap((order) =>
    [1, 2].map(() => shop.ask('POST', `/admin/orders/${order}/refund`, { amount: '1.00' })),
  )
  const cancellations = orders.slice(0, 10).map((order) => shop.ask('POST', `/admin/orders/${order}/cancellation`))
  const answers = await Promise.all([...refunds, ...cancellations])

  const [{ count }] = await world.db<[{ count: number }]>`
    select count(*)::integer as count from refunds where account_id = ${club.id} and status = 'succeeded'`
  assert.ok(answers.every(({ status }) => status === 200 || status === 409))
  assert.deepEqual(await numbersOf(club.id), upTo(50 + count))
  assert.deepEqual(await brokenInvoicePromises(), [])
})

test('a payment that is rolled back after it took a number leaves no gap', async () => {
  const club = await world.organizer()
  await world.paidOrder(club)
  await world.db`
    create function fail_now() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$`
  await world.db`create constraint trigger fail_at_commit after insert on invoices initially deferred for each row execute function fail_now()`
  await assert.rejects(world.paidOrder(club))
  await world.db`drop trigger fail_at_commit on invoices`
  await world.paidOrder(club)

  assert.deepEqual(await numbersOf(club.id), upTo(2))
})

test('where numbers are counted instead of taken from the locked counter, fifty at once do not all get one', async () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the text is source code
  const root = await makeTwin({
    file: 'server/orders/invoices/queries.ts',
    guard: `insert into invoice_counters as c (account_id, year, last_number)
      select \${accountId}, extract(year from issued_on)::integer, 1 from day
      on conflict (account_id, year) do update set last_number = c.last_number + 1
      returning year, last_number`,
    instead: `select extract(year from issued_on)::integer as year, (
        select count(*)::integer + 1 from invoices where account_id = \${accountId}
      ) as last_number from day`,
  })
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
  await world.db`alter table invoices drop constraint invoices_account_id_year_fkey`
  const { statuses } = await payFiftyAtOnce([await startServerHere({ ...start, root })])

  assert.ok(statuses.includes(200))
  assert.ok(statuses.some((status) => status !== 200))
})

async function payFiftyAtOnce(at: RunningServer[]) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const { slug: other, ticketId: otherTicketId } = await world.event(club)
  const shop = shopClient(at, club)
  const checkouts = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0
        ? shop.readyToPay(slug, [{ ticket_id: ticketId, quantity: 1 }], `buyer-${n}@example.com`)
        : shop.readyToPay(other, [{ ticket_id: otherTicketId, quantity: 2 }], `buyer-${n}@example.com`),
    ),
  )
  const answers = await Promise.all(checkouts.map((checkout) => shop.pay(checkout)))
  return {
    club,
    shop,
    statuses: answers.map(({ status }) => status),
    orders: answers.flatMap(({ body }): string[] => (body.order ? [body.order.public_id] : [])),
  }
}

async function numbersOf(accountId: number): Promise<number[]> {
  const rows = await world.db<{ sequence: number }[]>`
    select sequence from invoices where account_id = ${accountId} order by sequence`
  return rows.map(({ sequence }) => sequence)
}

async function brokenInvoicePromises(): Promise<string[]> {
  const report = await world.db.begin((tx) => examineIn(tx, world.now(), checks))
  return report.checks.filter(({ ok }) => !ok).map(({ name }) => name)
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
