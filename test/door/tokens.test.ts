import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createToken } from '../../server/accounts/create-token.ts'
import { revokeToken } from '../../server/accounts/revoke-token.ts'
import { ask, bearer } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer({ currency: 'KWD', timeZone: 'Asia/Kuwait' })
const other = await world.organizer()
const newToken = (permission: string) =>
  createToken(world.db, club.id, { description: ' My CRM ', permission, now: world.now() })

test('a token is foyer_ and letters and digits, and no two are alike', async () => {
  const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => newToken('read')))
  for (const { token } of tokens) assert.match(token, /^foyer_[0-9A-Za-z]{40,}$/)
  assert.equal(new Set(tokens.map(({ token }) => token)).size, 5)
})

test('a token is stored only as a hash', async () => {
  const { token } = await newToken('read')
  const [row] = await world.db`select string_agg(t::text, ' ') as all from api_tokens t`
  assert.ok(!String(row?.all).includes(token))
  assert.ok(!String(row?.all).includes(Buffer.from(token).toString('hex')))
})

test('the identity says whose token it is and what it may', async () => {
  const read = await newToken('read')
  const answer = await ask(world, 'GET', '/admin/identity', bearer(read.token))
  assert.deepEqual(answer.json(), {
    account: { name: `Club ${club.subdomain}`, subdomain: club.subdomain, currency: 'KWD', time_zone: 'Asia/Kuwait' },
    token: { description: 'My CRM', permission: 'read' },
  })
  const { token } = expect(200, await world.get(club, '/admin/identity'))
  assert.equal(token.permission, 'write')
})

test('a revoked token ends at once, the others live on', async () => {
  const { id, token } = await newToken('write')
  assert.equal((await ask(world, 'GET', '/admin/identity', bearer(token))).status, 200)
  await revokeToken(world.db, club.id, String(id), world.now())
  assert.equal((await ask(world, 'GET', '/admin/identity', bearer(token))).status, 401)
  assert.equal((await ask(world, 'POST', '/admin/venues', bearer(token), {})).status, 401)
  expect(200, await world.get(club, '/admin/identity'))
})

test('a revoked token is told nothing, also by routes that look it up along with their answer', async () => {
  const { id, token } = await newToken('read')
  const { slug: event } = await world.event(club)
  const lists = ['/admin/customers', '/admin/orders'].flatMap((list) => [
    list,
    `${list}?limit=2`,
    `${list}?query=a&limit=2`,
  ])
  const found = [...lists, `/admin/customers?limit=2&event_slug=${event}`, `/admin/events/${event}`]
  const refused = ['/admin/customers/1', '/admin/events/none', '/admin/orders?limit=x', '/admin/customers?page=x']
  for (const path of found) assert.equal((await ask(world, 'GET', path, bearer(token))).status, 200, path)
  for (const path of refused) assert.match(String((await ask(world, 'GET', path, bearer(token))).status), /404|422/)

  await revokeToken(world.db, club.id, String(id), world.now())

  for (const path of [...found, ...refused])
    assert.equal((await ask(world, 'GET', path, bearer(token))).status, 401, path)
})

test("another account's token, an unknown one and an impossible one can't be revoked", async () => {
  const { id, token } = await newToken('write')
  for (const [account, wrong] of [
    [other.id, String(id)],
    [club.id, '2000000000'],
    [club.id, 'abc'],
    [club.id, '0'],
  ] as const) {
    await assert.rejects(revokeToken(world.db, account, wrong, world.now()), { status: 404 })
  }
  assert.equal((await ask(world, 'GET', '/admin/identity', bearer(token))).status, 200)
})

test('a token has a description and one of two permissions', async () => {
  const make = (description: string, permission: string) =>
    createToken(world.db, club.id, { description, permission, now: world.now() })
  await assert.rejects(make(' ', 'read'), { status: 422, body: { errors: { description: ["can't be blank"] } } })
  for (const permission of ['', 'admin', 'READ', 'read,write'])
    await assert.rejects(make('x', permission), { status: 422 })
})

test('a token speaks for its own account alone', async () => {
  await world.paidOrder(club)
  const mine = await ask(world, 'GET', '/admin/customers', bearer(club.readToken))
  const theirs = await ask(world, 'GET', '/admin/customers', bearer(other.readToken))
  assert.equal((mine.json() as { customers: unknown[] }).customers.length, 1)
  assert.equal((theirs.json() as { customers: unknown[] }).customers.length, 0)
})
