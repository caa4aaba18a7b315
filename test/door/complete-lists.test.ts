import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const empty = await world.organizer()
const { id: eventId } = await world.event(club)
const many = 12_000
await insertManyCustomers()
await world.app.listen({ port: 0, host: '127.0.0.1' })
const { port } = world.app.server.address() as AddressInfo // listening on TCP: never a path
after(() => world.app.server.closeAllConnections())

/** So many customers with an order each, straight into the tables: a list of several megabytes. */
async function insertManyCustomers(): Promise<void> {
  await world.db.begin(async (tx) => {
    await tx`
      insert into customers (account_id, email, name, company, created_at)
      select ${club.id}, 'buyer' || n || '@example.com', 'Büyer "' || n || E'"\\\\', E'Line\nbreak', timestamptz '2026-04-20 10:00Z' + n * interval '1 second'
      from generate_series(1, ${many}) n`
    await tx`
      insert into orders (account_id, public_id, order_code, event_id, customer_id, origin, customer_name, customer_email, marketing_consent, total_minor,
        payment_provider, ticket_count, line_count, created_at, paid_at)
      select account_id, 'order' || id, upper(lpad(to_hex(id), 8, '0')), ${eventId}, id, 'import', name, email, false, 2100, 'test', 1, 1, created_at, created_at
      from customers where account_id = ${club.id}`
  })
}

async function open(
  path: string,
  token = club.readToken,
): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const request = get({
    port,
    host: '127.0.0.1',
    path,
    agent: false,
    headers: { authorization: `Bearer ${token}`, host: 'foyer.test' },
  })
  request.on('error', () => {})
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { request, response }
}

async function readAll(path: string, token?: string): Promise<{ response: IncomingMessage; text: string }> {
  const { response } = await open(path, token)
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { response, text }
}

/** Connections of the readers' pool that are in a transaction. */
async function busyReaders(): Promise<number> {
  const [row] = await world.db<[{ count: number }]>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`
  return row.count
}

async function untilAReaderWaits(): Promise<void> {
  const deadline = performance.now() + 10_000
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await world.db<[{ count: number }]>`
      select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    waiting = row.count
    assert.ok(performance.now() < deadline, 'no reader waits')
  }
}

async function untilNoReaderIsBusy(): Promise<void> {
  const deadline = performance.now() + 10_000
  while ((await busyReaders()) > 0) assert.ok(performance.now() < deadline, 'a reader stays busy')
}

for (const list of ['customers', 'orders'] as const) {
  test(`without limit and page, all of many ${list} come, as valid JSON, then the stats of all`, async () => {
    const { response, text } = await readAll(`/admin/${list}`)

    assert.equal(response.statusCode, 200)
    assert.equal(response.headers['transfer-encoding'], 'chunked')
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8')
    const body = JSON.parse(text)
    assert.deepEqual(Object.keys(body), [list, 'stats', 'pagination'])
    assert.deepEqual(body.pagination, { total_count: many, limit: null, next_page: null })
    assert.equal(body[list].length, many)
    const ids = body[list].map((row: { id?: number; public_id: string }) => row.id ?? row.public_id)
    assert.equal(new Set(ids).size, many)
    const times = body[list].map((row: { created_at: string }) => row.created_at)
    assert.deepEqual(times, times.toSorted().reverse())
    const page = expect(200, await world.get(club, `/admin/${list}?limit=100`))
    assert.deepEqual(body[list].slice(0, 100), page[list])
    assert.deepEqual(body.stats, page.stats)
  })

  test(`an empty list of ${list} is one too`, async () => {
    const { text } = await readAll(`/admin/${list}`, empty.readToken)
    const stats =
      list === 'customers'
        ? { customer_count: 0, total_spent: { amount: '0.00', currency: 'EUR' } }
        : { order_count: 0, revenue: { amount: '0.00', currency: 'EUR' } }
    assert.equal(
      text,
      JSON.stringify({ [list]: [], stats, pagination: { total_count: 0, limit: null, next_page: null } }),
    )
  })

  test(`clients that hang up in the middle of ${list} leave the connections free for the next`, async () => {
    for (let n = 0; n < 8; n++) {
      const { request, response } = await open(`/admin/${list}?period=all`)
      await once(response, 'readable')
      request.destroy()
    }
    await untilNoReaderIsBusy()
    const { text } = await readAll(`/admin/${list}`)
    assert.equal(JSON.parse(text).pagination.total_count, many)
  })

  test(`clients that hang up before the first row of ${list} leave the connections free`, async () => {
    for (let n = 0; n < 8; n++) {
      const request = get({
        port,
        host: '127.0.0.1',
        path: `/admin/${list}`,
        agent: false,
        headers: { authorization: `Bearer ${club.readToken}` },
      })
      request.on('error', () => {})
      await once(request, 'finish')
      request.destroy()
    }
    await untilNoReaderIsBusy()
    assert.equal((await readAll(`/admin/${list}`)).response.statusCode, 200)
  })
}

test('slow readers of complete lists hold up neither pages, nor sales, nor the probes', async () => {
  const slow = await Promise.all([open('/admin/orders?period=all'), open('/admin/orders?period=all')])
  try {
    expect(200, await world.get(club, '/admin/customers?limit=5'))
    await world.paidOrder(empty)
    assert.equal((await world.app.inject('/readyz')).statusCode, 200)
  } finally {
    for (const { request } of slow) request.destroy()
  }
})

test('the complete list is of one moment: what is bought while it is read changes neither rows nor stats', async () => {
  const { response } = await open('/admin/orders?period=all')
  await once(response, 'readable')
  await world.db`update orders set refunded_minor = total_minor where account_id = ${club.id} and customer_id <= 5`
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  const body = JSON.parse(text)
  assert.equal(body.stats.revenue.amount, `${many * 21}.00`)
  assert.ok(body.orders.every((order: { status: string }) => order.status === 'paid'))
})

test('a customer who appears between the stats and the first row is in neither', async () => {
  const answer = await world.db.begin(async (tx) => {
    await tx`lock table customers in access exclusive mode`
    const reading = readAll('/admin/customers?period=all', empty.readToken)
    await untilAReaderWaits()
    await tx`insert into customers (account_id, email, created_at) values (${empty.id}, 'late@example.com', '2026-04-22 12:00Z')`
    return { reading }
  })
  const body = JSON.parse((await answer.reading).text)
  assert.equal(body.customers.length, body.stats.customer_count)
  assert.equal(body.customers.length, body.pagination.total_count)
})

test('a filter holds for the complete list and its stats', async () => {
  const { text } = await readAll('/admin/customers?query=buyer77%40')
  const body = JSON.parse(text)
  assert.deepEqual(
    body.customers.map((row: { email: string }) => row.email),
    ['buyer77@example.com'],
  )
  assert.deepEqual([body.stats.customer_count, body.pagination.total_count], [1, 1])
})
