import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, type Organizer } from '../support/world.ts'
import { archivedEvent, largeEvent, openLargeWorld } from './large-world.ts'
import { assertReadsOnly, findExcesses } from './reads-only.ts'
import { openRecorder } from './recorder.ts'

/** Each list reads its page, found at its place in an index, and a row for each day of the period, however many rows there are. */

const { world, large, small } = await openLargeWorld()
const recorder = await openRecorder(world)

const token = { api_tokens_token_hash_key: 1, accounts_pkey: 1 }
const totals = { daily_totals_pkey: 62, daily_total_changes_by_subject: 1000 }
const eventBySlug = { event_slugs_pkey: 1 }
const page = 51

async function assertReads(who: Organizer, path: string, through: Record<string, number>, sorts = page) {
  const statements = await recorder.during(async () => expect(200, await recorder.world.get(who, path)))
  await assertReadsOnly(world.db, statements, { through: { ...token, ...through }, sorts })
}

/** The page that begins where the account's history is half over. */
async function deepPage(path: string): Promise<string> {
  const [middle] = await world.db<[{ id: number; at: string }]>`
    select id, created_at as at from customers where account_id = ${large.id} order by created_at offset 9990 limit 1`
  const cursor = Buffer.from(`${middle.at}/${middle.id}`).toString('base64url')
  return `${path}&limit=50&page=${cursor}`
}

const customers = {
  'period=this_month': { customers_by_age: page },
  'period=all_time': { customers_by_age: page },
  'period=all_time&marketing_only=1': { customers_with_consent_by_age: page },
  [`period=all_time&event_slug=${largeEvent}`]: { ...eventBySlug, customer_events_by_age: page, customers_pkey: page },
  [`period=all_time&marketing_only=1&event_slug=${largeEvent}`]: {
    ...eventBySlug,
    customer_events_with_consent_by_age: page,
    customers_pkey: page,
  },
}
const orders = {
  'period=this_month': { orders_at_hand_by_age: page },
  'period=all_time': { orders_at_hand_by_age: page },
  'period=all_time&include_archived=1': { orders_by_age: page },
  [`period=all_time&event_slug=${largeEvent}`]: { ...eventBySlug, orders_at_hand_of_event_by_age: page },
  [`period=all_time&event_slug=${archivedEvent}`]: { ...eventBySlug, orders_at_hand_of_event_by_age: 15 },
  [`period=all_time&event_slug=${archivedEvent}&include_archived=1`]: { ...eventBySlug, orders_of_event_by_age: page },
}

for (const [list, filters] of Object.entries({ customers, orders })) {
  for (const [filter, through] of Object.entries(filters)) {
    const path = `/admin/${list}?${filter}`
    test(`${path} reads one page, first or deep, in a large account or a small one beside it`, async () => {
      await assertReads(large, `${path}&limit=50`, { ...totals, ...through })
      await assertReads(small, `${path}&limit=50`, { ...totals, ...through })
      if (!path.includes(archivedEvent)) await assertReads(large, await deepPage(path), { ...totals, ...through })
    })
  }
}

test('a complete list is read in its order, and sorted nowhere', async () => {
  await assertReads(large, '/admin/customers?period=all_time', { ...totals, customers_by_age: 20_000 })
  await assertReads(large, '/admin/orders?period=all_time&include_archived=1', { ...totals, orders_by_age: 26_000 })
  await assertReads(large, '/admin/customers', { ...totals, customers_by_age: 500 })
})

test('a customer costs the customer and the orders', async () => {
  const [buyer] = await world.db<[{ id: number }]>`
    select customer_id as id from orders where account_id = ${large.id} group by 1 having count(*) = 5 limit 1`
  await assertReads(large, `/admin/customers/${buyer.id}`, { customers_pkey: 1, orders_of_customer_by_age: 5 })
})

test('an order is found by its public id and by its code, and costs its lines and tickets', async () => {
  const [order] = await world.db<[{ publicId: string; orderCode: string }]>`
    select public_id, order_code from orders where account_id = ${large.id} and ticket_count = 3 order by id limit 1`
  const through = {
    ...{ orders_public_id_key: 1, orders_account_id_order_code_key: 1, orders_pkey: 1 },
    ...{ order_lines_pkey: 3, tickets_pkey: 3, events_pkey: 3 },
  }
  for (const ref of [order.publicId, order.orderCode]) await assertReads(large, `/admin/orders/${ref}`, through)
})

test('the events that are to come cost what they are, however many have been', async () => {
  await assertReads(large, '/admin/events', {
    ...{ ...totals, events_by_end: 30, events_by_start: 30, venues_pkey: 60 },
  })
})

test("an event's sales cost its ticket types", async () => {
  await assertReads(large, `/admin/events/${largeEvent}`, {
    ...{ ...eventBySlug, events_pkey: 1, venues_pkey: 2, ...totals },
    ...{ holds_by_expiry: 0, tickets_redeemed: 0, orders_of_event_by_age: 1, event_places_pkey: 1 },
    ticket_types_account_id_event_id_id_key: 2 * 3,
  })
})

const walk = 2000
const searches: [word: string, matches: number, through: Record<string, number>][] = [
  ['zwirnquast', 5, { customers_by_age: walk, customers_by_words: 11, customers_pkey: 5 }],
  ['altmeyer', 620, { customers_by_age: walk, customers_by_words: 630, customers_pkey: page }],
  ['posteo', 3760, { customers_by_age: walk, customers_by_words: 3800 }],
]

for (const [word, matches, through] of searches) {
  const path = `/admin/customers?limit=50&period=all_time&query=${word}`
  test(`a search for ${word} costs what it finds, and not the rows before the first match`, async () => {
    await assertReads(large, path, { ...totals, ...through }, matches)
  })

  test(`a search for ${word} in a small account does not pay for the large one beside it`, async () => {
    await assertReads(small, path, { ...totals, customers_pkey: 200 + page })
  })
}

test('a search in orders is like one in customers, also where a word is a code', async () => {
  const found = { ...totals, orders_at_hand_by_age: walk, orders_by_words: 850, orders_pkey: page + 2 }
  await assertReads(large, '/admin/orders?limit=50&period=all_time&query=altmeyer', { ...found, ...byReference }, 850)
  const [order] = await world.db<[{ orderCode: string }]>`
    select order_code from orders where account_id = ${large.id} order by id limit 1`
  const path = `/admin/orders?limit=50&period=all_time&query=${order.orderCode}`
  await assertReads(large, path, { ...found, ...byReference })
})

const byReference = {
  ...{ orders_account_id_order_code_key: 1, orders_public_id_key: 1, orders_by_payment_reference: 1 },
  ...{ tickets_account_id_check_in_code_key: 1, tickets_public_id_key: 1 },
}

test('page after page a search finds each match once, newest first, whichever way it was found', async () => {
  for (const word of ['altmeyer', 'schneider', 'posteo', 'zwirnquast']) {
    const rows = await world.db<{ id: number }[]>`
      select id from customers where account_id = ${large.id} and search_text like ${`%${word}%`}
      order by created_at desc, id desc`
    const found: number[] = []
    let next = ''
    do {
      const path = `/admin/customers?limit=100&period=all_time&query=${word}${next}`
      const body = expect(200, await world.get(large, path))
      found.push(...body.customers.map((customer: { id: number }) => customer.id))
      assert.equal(body.stats.customer_count, rows.length)
      next = body.pagination.next_page && `&page=${body.pagination.next_page}`
    } while (next)
    assert.deepEqual(
      found,
      rows.map((row) => row.id),
    )
  }
})

test('an index that is gone is reported', async () => {
  const path = '/admin/customers?limit=50&period=all_time'
  const statements = await recorder.during(() => recorder.world.get(large, path))
  const through = { ...token, ...totals, customers_by_age: page }
  const whole = await findExcesses(world.db, statements, { through })
  const broken = await findExcesses(world.db, statements, { through, before: 'drop index customers_by_age' })
  assert.deepEqual(whole, [])
  assert.match(broken.join(), /20200 rows through all of customers.*rows sorted.*nothing uses customers_by_age/s)
})
