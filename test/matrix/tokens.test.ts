import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createToken } from '../../server/accounts/create-token.ts'
import { revokeToken } from '../../server/accounts/revoke-token.ts'
import { openWorld } from '../support/world.ts'
import { type Asked, ask, bearer, json } from './ask.ts'
import { makeBelongings, pathOf } from './belongings.ts'
import { readOperations } from './operations.ts'
import { sampleBody } from './sample-body.ts'

const world = await openWorld()
const things = await makeBelongings(world)
const operations = await readOperations(world, '/admin')
const { writeToken, readToken } = things.who
const { id, token: revoked } = await createToken(world.db, things.who.id, {
  description: 'old',
  permission: 'write',
  now: world.now(),
})
await revokeToken(world.db, things.who.id, String(id), world.now())
const last = writeToken.at(-1) === 'A' ? 'B' : 'A'

const badHeaders: Record<string, Record<string, string>> = {
  'no token': json,
  'an empty token': { ...json, authorization: 'Bearer ' },
  garbage: bearer('garbage'),
  'a mistyped token': bearer(writeToken.slice(0, -1) + last),
  'a token in another case': bearer(writeToken.toLowerCase()),
  'half a token': bearer(writeToken.slice(0, 20)),
  'a revoked token': bearer(revoked),
  'a token under another scheme': { ...json, authorization: `Basic ${writeToken}` },
  'two tokens': { ...json, authorization: `Bearer ${writeToken} ${writeToken}` },
}

test('the file lists the operations of the admin API', () => {
  assert.ok(operations.length >= 27, `only ${operations.length} operations`)
  assert.ok(operations.some((operation) => operation.name === 'GET /admin/customers'))
})

for (const operation of operations) {
  test(`${operation.name} with no or a bad token is 401`, async () => {
    const url = pathOf(operation, things)
    for (const [what, headers] of Object.entries(badHeaders)) {
      assertUnauthorized(await ask(world, operation.method, url, headers, sampleBody(operation, things)), what)
    }
    const unknown = pathOf(operation, things).replace(/\w+$/, 'unknown-9')
    assertUnauthorized(await ask(world, operation.method, unknown, json), 'an unknown thing')
  })
}

for (const operation of operations.filter((candidate) => !candidate.isRead)) {
  test(`${operation.name} with a read token is 401 before anything else`, async () => {
    const url = pathOf(operation, things)
    const unknown = operation.path.replaceAll(/\{[^}]+\}/g, '0')
    const bad = { ...bearer(readToken), 'content-type': 'application/json' }
    assertUnauthorized(
      await ask(world, operation.method, url, bearer(readToken), sampleBody(operation, things)),
      'a good body',
    )
    assertUnauthorized(await ask(world, operation.method, url, bad, '{"title": '), 'a broken body')
    assertUnauthorized(
      await ask(world, operation.method, url, { ...bad, 'content-type': 'text/csv' }, 'a;b'),
      'another type',
    )
    assertUnauthorized(await ask(world, operation.method, url, bad, { title: 1, price: 1, timezone: 1 }), 'a bad field')
    assertUnauthorized(await ask(world, operation.method, `${url}?period=%00&period=x`, bad), 'a bad query')
    assertUnauthorized(await ask(world, operation.method, unknown, bad, {}), 'an unknown thing')
  })
}

for (const operation of operations.filter((candidate) => candidate.isRead)) {
  test(`${operation.name} is open to a read token, and a write to the same path is 401`, async () => {
    const url = pathOf(operation, things)
    assert.equal((await ask(world, 'GET', url, bearer(readToken))).status, 200)
    assert.equal((await ask(world, 'HEAD', url, bearer(readToken))).status, 200)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      assertUnauthorized(await ask(world, method, url, bearer(readToken)), method)
    }
  })
}

function assertUnauthorized(answer: Asked, what: string): void {
  assert.equal(answer.status, 401, `${what}: ${answer.status} ${answer.text}`)
  assert.match(String(answer.headers['www-authenticate']), /^Bearer\b/, what)
  assert.match(String(answer.headers['content-type']), /^application\/json/, what)
  const body = answer.json() as { error: string } // asserted next
  assert.deepEqual(Object.keys(body), ['error'], what)
  assert.equal(typeof body.error, 'string', what)
  assert.equal(answer.headers.location, undefined, what)
}
