import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../support/world.ts'
import { type Asked, ask, bearer } from './ask.ts'
import { makeBelongings, pathOf } from './belongings.ts'
import { differences } from './conforms.ts'
import { type Operation, readOperations } from './operations.ts'
import { sampleBody } from './sample-body.ts'

const world = await openWorld()
const operations = await readOperations(world, '/admin')

test('a body with a property too many, too few or of another type does not conform', () => {
  const schema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'string' }, b: { type: 'object', properties: {} } },
  }
  assert.deepEqual(differences(schema, { a: 'x', b: {} }), [])
  assert.notDeepEqual(differences(schema, { a: 'x', c: 1 }), [])
  assert.notDeepEqual(differences(schema, { a: 'x', b: { d: 1 } }), [])
  assert.notDeepEqual(differences(schema, { b: {} }), [])
  assert.notDeepEqual(differences(schema, { a: 1 }), [])
  assert.ok(differences({ type: 'string', format: 'date-time' }, 'yesterday').length > 0)
})

for (const operation of operations) {
  test(`${operation.name} answers as the OpenAPI file says`, async () => {
    const things = await makeBelongings(world)
    const url = pathOf(operation, things)
    const headers = bearer(things.who.writeToken)

    const answer = await ask(world, operation.method, url, headers, sampleBody(operation, things))

    assert.ok(answer.status < 300 || answer.status === 409, `${answer.status}: ${answer.text}`)
    assertAsInFile(operation, answer)
    if (answer.status === 201) await assertLocation(String(answer.headers.location), headers)
    if (answer.status === 204) assert.equal(answer.text, '')
  })

  test(`${operation.name} refuses only with what the OpenAPI file lists`, async () => {
    const things = await makeBelongings(world)
    const url = pathOf(operation, things)
    const headers = bearer(things.who.writeToken)
    const unknown = operation.path.replaceAll(/\{[^}]+\}/g, '2000000000')
    const json = { ...headers, 'content-type': 'application/json' }
    const wrong = Object.fromEntries(
      Object.keys((operation.bodySchema?.properties as object | undefined) ?? {}).map((name) => [name, { wrong: [] }]),
    )
    const attempts = [
      await ask(world, operation.method, url, {}),
      await ask(world, operation.method, url, { accept: 'application/json' }),
      await ask(world, operation.method, unknown, headers, sampleBody(operation, things)),
      await ask(
        world,
        operation.method,
        `${url}?period=nonsense&limit=0&event_slug=unknown&filter=x&marketing_only=2&include_archived=2`,
        headers,
      ),
      await ask(world, operation.method, `${url}?event_slug=unknown`, headers),
      await ask(world, operation.method, `${url}?page=%00`, headers),
      await ask(world, operation.method, `${url}%zz`, headers),
    ]
    if (!operation.isRead) {
      attempts.push(
        await ask(world, operation.method, url, json, '{"broken'),
        await ask(world, operation.method, url, { ...headers, 'content-type': 'text/plain' }, 'text'),
        await ask(world, operation.method, url, json, '"text"'),
        await ask(world, operation.method, url, json, 'x'.repeat(2_000_000)),
        await ask(world, operation.method, url, json, wrong),
      )
    }
    for (const answer of attempts) {
      assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`)
      assertAsInFile(operation, answer)
    }
  })
}

for (const operation of operations.filter(({ method }) => method === 'POST')) {
  test(`${operation.name} under a key answers once, and another input under the key as the OpenAPI file says`, async () => {
    const things = await makeBelongings(world)
    const url = pathOf(operation, things)
    const headers = { ...bearer(things.who.writeToken), 'idempotency-key': 'the same' }
    const body = sampleBody(operation, things)

    const first = await ask(world, 'POST', url, headers, body)
    const again = await ask(world, 'POST', url, headers, body)
    const changed = await ask(world, 'POST', url, headers, { ...body, more: 1 })

    assert.deepEqual([again.status, again.text], [first.status, first.text])
    assert.equal(again.headers.location, first.headers.location)
    assertAsInFile(operation, changed)
  })
}

test('a repeated request with the known ETag is answered as the OpenAPI file says', async () => {
  const things = await makeBelongings(world)
  const headers = bearer(things.who.writeToken)
  for (const operation of operations.filter((candidate) => candidate.isRead)) {
    const url = pathOf(operation, things)
    for (const path of [url, `${url}?limit=5`]) {
      const { etag } = (await ask(world, 'GET', path, headers)).headers
      if (etag === undefined) continue
      const again = await ask(world, 'GET', path, { ...headers, 'if-none-match': String(etag) })
      assert.equal(again.status, 304, path)
      assertAsInFile(operation, again)
    }
  }
})

function assertAsInFile(operation: Operation, answer: Asked): void {
  // A person's browser is answered with a page, of which the file says nothing.
  if (String(answer.headers['content-type']).startsWith('text/html')) return
  assert.ok(operation.responses.has(answer.status), `the file lists no ${answer.status}: ${answer.text}`)
  const schema = operation.responses.get(answer.status)
  if (answer.text === '') {
    assert.equal(schema, undefined, `the file promises a body with ${answer.status}`)
    return
  }
  if (answer.status < 300 && operation.mediaType !== 'application/json') {
    assert.ok(String(answer.headers['content-type']).startsWith(operation.mediaType ?? 'nothing'))
    return
  }
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.ok(schema, `the file says nothing of the body with ${answer.status}`)
  assert.deepEqual(differences(schema, answer.json()), [])
}

async function assertLocation(location: string, headers: Record<string, string>): Promise<void> {
  assert.match(location, /^\/admin\/.*\.json$/)
  assert.equal((await ask(world, 'GET', location, headers)).status, 200, location)
}
