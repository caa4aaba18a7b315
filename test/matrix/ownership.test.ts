import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../support/world.ts'
import { ask, bearer } from './ask.ts'
import { makeBelongings, parametersOf, pathOf } from './belongings.ts'
import { readOperations } from './operations.ts'
import { sampleBody } from './sample-body.ts'

const world = await openWorld()
const mine = await makeBelongings(world)
const operations = await readOperations(world, '/admin')

// The other organiser has two events, so that none of their ids is by chance an id of ours.
const other = await makeBelongings(world)
const { slug: theirSlug, ticketId: theirTicketId } = await world.event(other.who, { title: 'Theirs alone' })
const theirs = { ...other, slug: theirSlug, ticketId: theirTicketId }

for (const operation of operations.filter((candidate) => parametersOf(candidate).length > 0)) {
  test(`${operation.name} with another account's things is 404, with the own ones it is not`, async () => {
    const own = await makeBelongings(world)
    const headers = bearer(own.who.writeToken)
    for (const name of parametersOf(operation)) {
      const url = pathOf(operation, own, new Map([[name, theirs]]))

      const answer = await ask(world, operation.method, url, headers, sampleBody(operation, own))

      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], url)
    }
    const answer = await ask(world, operation.method, pathOf(operation, own), headers, sampleBody(operation, own))
    assert.ok([200, 201, 204, 409].includes(answer.status), `${answer.status}: ${answer.text}`)
  })
}

for (const operation of operations.filter((candidate) =>
  parametersOf(candidate).some((name) => name.endsWith('/{id}')),
)) {
  test(`${operation.name} with an id that can't be one is 404`, async () => {
    for (const odd of [
      'abc',
      '1.5',
      '0',
      '-1',
      '12345678901234567890',
      '1e1',
      '0x1',
      '%31%20',
      '01',
      '2147483648',
      "1'",
      '%F0%9F%8E%9F',
      '1%00',
    ]) {
      const url = pathOf({ ...operation, path: operation.path.replace('{id}', odd) }, mine)

      const answer = await ask(world, operation.method, url, bearer(mine.who.writeToken), sampleBody(operation, mine))

      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], url)
    }
  })
}

for (const operation of operations.filter((candidate) =>
  parametersOf(candidate).some((name) => !name.endsWith('/{id}')),
)) {
  test(`${operation.name} with an odd name is 404`, async () => {
    for (const odd of [
      'unknown',
      '%00',
      'a%00b',
      '%FF',
      '%ED%A0%80',
      "'",
      '%25',
      '%5C',
      'a'.repeat(300),
      '..%2F..',
      '%F0%9F%8E%9F',
    ]) {
      const url = pathOf({ ...operation, path: operation.path.replace(/\{(slug|ref)\}/, odd) }, mine)

      const answer = await ask(world, operation.method, url, bearer(mine.who.writeToken), sampleBody(operation, mine))

      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], url)
    }
  })
}
