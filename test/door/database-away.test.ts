import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { buildApp } from '../../server/app.ts'
import { openPool } from '../../server/platform/database.ts'
import { bearer } from '../matrix/ask.ts'
import { allOn } from '../support/pools.ts'
import { roadToDatabase } from '../support/road.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club)
const road = await roadToDatabase(world.url)
const db = openPool(road.url, { max: 3 })
const app = await buildApp({
  ...allOn(db),
  clock: world.now,
  config: world.config,
  log: world.app.log,
  isReady: () => true,
})
after(async () => {
  await app.close()
  await db.end({ timeout: 1 })
  road.close()
})

const requests = [
  { method: 'GET', url: '/admin/customers' },
  { method: 'GET', url: '/admin/customers?limit=5' },
  { method: 'GET', url: `/admin/events/${slug}` },
  { method: 'PATCH', url: `/admin/events/${slug}`, payload: { title: 'New' } },
  { method: 'GET', url: '/events' },
  { method: 'GET', url: '/checkouts/abc' },
] as const

test('while the database is away every answer is 503 with Retry-After, /readyz too, and /healthz is well', async () => {
  for (const request of requests)
    assert.ok((await app.inject({ ...request, headers: bearer(club.writeToken) })).statusCode < 500)
  road.close()

  for (const request of requests) {
    const answer = await app.inject({ ...request, headers: bearer(club.writeToken) })
    assert.deepEqual([answer.statusCode, answer.body], [503, '{"error":"Service unavailable"}'], request.url)
    assert.match(String(answer.headers['retry-after']), /^\d+$/)
    assert.doesNotMatch(String(answer.headers['cache-control']), /public/, `a cache would keep it: ${request.url}`)
  }
  const ready = await app.inject('/readyz')
  assert.deepEqual([ready.statusCode, Object.keys(ready.json())], [503, ['error']])
  assert.equal((await app.inject('/healthz')).statusCode, 200)
})

test('when it is back, so is everything, without a restart', async () => {
  await road.open()
  for (const request of requests) {
    const answer = await app.inject({ ...request, headers: bearer(club.writeToken) })
    assert.ok(answer.statusCode < 500, `${request.url}: ${answer.body}`)
  }
  assert.equal((await app.inject('/readyz')).statusCode, 200)
})

test('connections that the server ends are replaced', async () => {
  const askAll = () =>
    Promise.all(requests.map((request) => app.inject({ ...request, headers: bearer(club.writeToken) })))
  await askAll()
  await world.db`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
  for (let n = 0; (await askAll()).some(({ statusCode }) => statusCode === 503); n++)
    assert.ok(n < 10, 'they stay dead')
  for (const answer of await askAll()) assert.ok(answer.statusCode < 500, answer.body)
})

test('until what must be done is done, /readyz is 503', async () => {
  let done = false
  const starting = await buildApp({
    ...allOn(world.db),
    clock: world.now,
    config: world.config,
    log: world.app.log,
    isReady: () => done,
  })
  assert.equal((await starting.inject('/readyz')).statusCode, 503)
  done = true
  assert.deepEqual((await starting.inject('/readyz')).json(), { status: 'ok' })
  await starting.close()
})
