import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcileOpenPayments } from '../../server/checkout/reconcile-payment.ts'
import { resumeRefunds } from '../../server/orders/resume-refunds.ts'
import { findStripePayment, listOpenNotices } from '../../server/payments/notice-queries.ts'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import type { Pool, Tx } from '../../server/platform/database.ts'
import { deleteOldKeys } from '../../server/platform/http/idempotency.ts'
import { expect } from '../support/world.ts'
import { openLargeWorld } from './large-world.ts'
import { type Allowed, assertReadsOnly } from './reads-only.ts'
import { openRecorder } from './recorder.ts'

/** What buyers and jobs wait for finds its rows by key, also in an account that has sold for years. */

const { world, large } = await openLargeWorld(5000)
const night = await world.event(large, { title: 'Night', stock: 1000, capacity: 1000 })
const code = { code: 'SPRING', discount_type: 'percentage', discount_amount: '10', usage_limit: 5, max_per_customer: 2 }
expect(201, await world.send(large, 'POST', '/admin/promo_codes', { promo_code: code }))
const recorder = await openRecorder(world)
const { app, send, shop } = recorder.world

/** A few rows of each kind: the buyer's own, or the event's. */
const few = 5

async function assertFinds<T>(act: (db: Pool) => Promise<T>, allowed: Allowed): Promise<T> {
  let result: T | undefined
  const statements = await recorder.during(async (db) => {
    result = await act(db)
  })
  assert.ok(statements.length > 0)
  await assertReadsOnly(world.db, statements, allowed)
  return result as T // set by the act that has ended
}

test('the shop reads the events that are to come, and their ticket types', async () => {
  const through = { accounts_subdomain_key: 1, events_by_end: few, ticket_types_account_id_event_id_id_key: few }
  await assertFinds(async () => expect(200, await shop(large, 'GET', '/events')), { through, otherwise: few })
  await assertFinds(async () => expect(200, await shop(large, 'GET', `/events/${night.slug}`)), {
    through: { event_slugs_pkey: 1, ticket_types_account_id_event_id_id_key: few, holds_by_expiry: 0 },
    otherwise: few,
  })
})

test('a purchase finds by key what it needs, from the first look to the paid order', async () => {
  const items = [{ ticket_id: night.ticketId, quantity: 1 }]
  const cart = { event_slug: night.slug, items, promo_code: 'spring' }
  const begun = await assertFinds(async () => expect(201, await shop(large, 'POST', '/checkouts', cart)), {
    through: { promo_codes_by_code: 1, checkouts_with_promo_code: 1, event_places_pkey: 1, holds_by_expiry: 0 },
    otherwise: few,
    before: `delete from holds where account_id = ${large.id}`, // so that the places can be taken once more
  })
  const path = `/checkouts/${begun.public_id}`
  const buyer = { email: 'jane@example.com', name: 'Jane', company: null, phone: null }
  await assertFinds(async () => expect(200, await shop(large, 'PATCH', path, { buyer })), {
    through: { checkouts_public_id_key: 1, checkouts_pkey: 1, checkout_items_pkey: 1 },
    otherwise: few,
  })
  const payment = { provider: 'test', outcome: 'succeed' }
  const { order } = await assertFinds(async () => expect(200, await shop(large, 'POST', `${path}/payment`, payment)), {
    through: { customers_account_id_email_key: 1, orders_with_promo_code: 1, holds_pkey: 1, payments_of_checkout: 1 },
    otherwise: few,
  })
  const headers = { host: `${large.subdomain}.foyer.test`, accept: 'text/html' }
  await assertFinds(
    async () => assert.equal((await app.inject({ url: `/orders/${order.public_id}`, headers })).statusCode, 200),
    {
      through: { orders_public_id_key: 1, order_lines_pkey: 1, tickets_pkey: 1 },
      otherwise: few,
    },
  )
})

test("places are counted by reading the event's own ticket types, however many the account has", async () => {
  const { id: account } = large
  const types = await world.db<{ id: number }[]>`
    select id from ticket_types where account_id = ${account} and event_id = ${night.id}`
  const ids = types.map(({ id }) => id)
  const count = (tx: Tx, places: number) =>
    tx`select add_places(${account}, ${night.id}, ${ids}::integer[], ${[places]}::integer[], ${[0]}::integer[])`
  const read = await world.db.begin(async (tx) => {
    const before = await rowsRead(tx)
    await count(tx, 1)
    const after = await rowsRead(tx)
    await count(tx, -1)
    return after - before
  })

  assert.ok(read > 0 && read <= few, `${read} rows`)
})

/** Of ticket types, by this connection, with and without an index. */
async function rowsRead(tx: Tx): Promise<number> {
  const [row] = await tx<[{ rows: number }]>`
    select sum(pg_stat_get_xact_tuples_returned(read) + pg_stat_get_xact_tuples_fetched(read))::integer as rows
    from (select 'ticket_types'::regclass::oid as read
          union all select indexrelid from pg_index where indrelid = 'ticket_types'::regclass) table_and_indexes`
  return row.rows
}

test('a refund, a cancellation and an archival find their order by key', async () => {
  const order = await world.paidOrder(large, { eventSlug: night.slug, ticketId: night.ticketId })
  const through = { orders_public_id_key: 1, orders_pkey: 1 }
  const post = (act: string, body?: unknown) => async () =>
    expect(200, await send(large, 'POST', `/admin/orders/${order.public_id}/${act}`, body))
  await assertFinds(post('refund', { amount: '1.00' }), {
    through: { ...through, refunds_pkey: 1, refunds_of_order: 1, invoices_of_order: few },
    otherwise: few,
  })
  await assertFinds(post('cancellation'), { through: { ...through, tickets_pkey: 1 }, otherwise: few })
  await assertFinds(post('archival'), { through, otherwise: few })
})

test('jobs read what is open, however much has ended', async () => {
  const till = { db: recorder.world.db, config: world.config, clock: world.now }
  await assertFinds(() => reconcileOpenPayments(till, () => {}), { through: { payments_open: 50 }, otherwise: few })
  await assertFinds((db) => resumeRefunds(db, world.now(), world.config, () => {}), {
    through: { refunds_pending: 10 },
    otherwise: few,
  })
  await assertFinds(listOpenNotices, { through: { stripe_events_open: 50 } })
  await assertFinds((db) => findStripePayment(db, null, 'pi_44'), {
    through: { payments_by_session: 1, payments_by_reference: 1 },
  })
})

test('old idempotency keys are forgotten by their age', async () => {
  await assertFinds((db) => deleteOldKeys(db, world.now()), { through: { idempotency_keys_by_age: 0 } })
})

test('folding reads all changes, and of the daily totals only those that change', async () => {
  await assertFinds(foldDailyTotals, {
    through: { 'all of daily_total_changes': 10 },
    before: `insert into daily_total_changes
      select id, 'customers', 0, '2026-04-22', 1, 1 from accounts order by id limit 10`,
  })
})
