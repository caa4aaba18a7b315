import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug, ticketId } = await world.event(club)
const order = await world.paidOrder(club, { eventSlug: slug, ticketId })
const [customer] = expect(200, await world.get(club, '/admin/customers')).customers
const paths = [
  '/admin/customers?limit=5',
  '/admin/orders?limit=5',
  `/admin/customers/${customer.id}`,
  `/admin/orders/${order.public_id}`,
  `/admin/events/${slug}`,
]

test('pages and details have an ETag, and whoever has it is answered 304 without a body', async () => {
  for (const path of paths) {
    const first = await world.get(club, path)
    const etag = String(first.headers.etag)
    assert.match(etag, /^"[\w-]+"$/, path)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await world.get(club, path, { 'if-none-match': known })
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag], `${path} ${known}`)
      assert.equal(again.headers['content-type'], undefined)
      assert.equal(again.headers['cache-control'], first.headers['cache-control'])
    }
    for (const unknown of ['"other"', '', etag.slice(1, -1)]) {
      assert.equal((await world.get(club, path, { 'if-none-match': unknown })).status, 200, unknown)
    }
  }
})

test('an ETag changes with what it stands for, and with the page', async () => {
  const etags = async () => Promise.all(paths.map(async (path) => (await world.get(club, path)).headers.etag))
  const before = await etags()
  assert.deepEqual(await etags(), before)
  await world.paidOrder(club, { eventSlug: slug, ticketId })
  const after = await etags()
  for (const [index, path] of paths.entries()) {
    if (!path.startsWith('/admin/orders/')) assert.notEqual(after[index], before[index], path)
  }
  const one = await world.get(club, '/admin/orders?limit=1')
  const other = await world.get(club, `/admin/orders?limit=1&page=${one.body.pagination.next_page}`)
  assert.notEqual(one.headers.etag, other.headers.etag)
})

test('the complete streamed list has no ETag and is never 304', async () => {
  for (const path of ['/admin/customers', '/admin/orders']) {
    for (const known of ['*', '"x"']) {
      const answer = await world.get(club, path, { 'if-none-match': known })
      assert.deepEqual([answer.status, answer.headers.etag], [200, undefined])
    }
  }
})

test('HEAD of the complete list has no ETag either', async () => {
  const headers = { authorization: `Bearer ${club.readToken}`, 'if-none-match': '*' }
  for (const url of ['/admin/customers', '/admin/orders']) {
    const answer = await world.app.inject({ method: 'HEAD', url, headers })
    assert.deepEqual([answer.statusCode, answer.headers.etag], [200, undefined])
  }
})

test('an ETag does not answer a write or an error', async () => {
  const answer = await world.send(
    club,
    'PATCH',
    `/admin/customers/${customer.id}`,
    { name: 'Jane' },
    { 'if-none-match': '*' },
  )
  assert.deepEqual([answer.status, answer.headers.etag], [200, undefined])
  assert.equal((await world.get(club, '/admin/customers/999999', { 'if-none-match': '*' })).status, 404)
})
