import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../matrix/ask.ts'
import { differences } from '../matrix/conforms.ts'
import { readOperations } from '../matrix/operations.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const shop = { host: `${club.subdomain}.foyer.test`, accept: 'application/json' }
const { slug, ticketId } = await world.event(club)
const items = [{ ticket_id: ticketId, quantity: 1 }]
const checkout = expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items }))
const operations = [...(await readOperations(world, '/events')), ...(await readOperations(world, '/checkouts'))]
const bodies: Record<string, unknown> = {
  'POST /checkouts': { event_slug: slug, items },
  'PATCH /checkouts/{public_id}': { buyer: { email: 'a@example.com' } },
  'POST /checkouts/{public_id}/payment': { provider: 'test', outcome: 'succeed' },
}

for (const operation of operations.filter(({ path }) => path.includes('{'))) {
  test(`${operation.name} with a name that can't be one is 404`, async () => {
    for (const odd of ['unknown', '%00', 'a%00b', '%FF', "'", '%25', 'a'.repeat(300), '0', '%F0%9F%8E%9F']) {
      const answer = await ask(
        world,
        operation.method,
        operation.path.replace(/\{\w+\}/, odd),
        shop,
        bodies[operation.name],
      )
      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], odd)
    }
  })
}

for (const operation of operations) {
  test(`${operation.name} answers and refuses as the OpenAPI file says`, async () => {
    const fresh = expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items }))
    expect(200, await world.shop(club, 'PATCH', `/checkouts/${fresh.public_id}`, { buyer: { email: 'b@example.com' } }))
    const path = operation.path.replace('{public_id}', fresh.public_id).replace('{slug}', slug)
    const answers = [
      await ask(world, operation.method, path, shop, bodies[operation.name]),
      await ask(world, operation.method, `${path}?x=%00`, shop, bodies[operation.name]),
      await ask(world, operation.method, path, { ...shop, host: 'nobody.foyer.test' }, bodies[operation.name]),
      ...(operation.isRead
        ? []
        : [
            await ask(world, operation.method, path, { ...shop, 'content-type': 'application/json' }, '{'),
            await ask(world, operation.method, path, { ...shop, 'content-type': 'text/csv' }, 'a;b'),
            await ask(world, operation.method, path, shop, 'x'.repeat(2_000_000)),
            await ask(world, operation.method, path, shop, []),
          ]),
    ]
    assert.ok((answers[0]?.status ?? 500) < 300, answers[0]?.text)
    for (const { status, text } of answers) {
      assert.ok(operation.responses.has(status), `the file lists no ${status}: ${text}`)
      const schema = operation.responses.get(status)
      assert.equal(schema === undefined, text === '')
      if (schema) assert.deepEqual(differences(schema, JSON.parse(text)), [])
    }
  })
}

test('other methods on the shop are 405 with Allow', async () => {
  for (const [path, allow] of [
    ['/events', 'GET, HEAD, OPTIONS'],
    [`/events/${slug}`, 'GET, HEAD, OPTIONS'],
    ['/checkouts', 'POST'],
    [`/checkouts/${checkout.public_id}`, 'DELETE, GET, HEAD, PATCH'],
    [`/checkouts/${checkout.public_id}/payment`, 'POST'],
    ['/healthz', 'GET, HEAD'],
  ] as const) {
    const answer = await ask(world, 'PUT', path, shop)
    assert.deepEqual(
      [answer.status, answer.headers.allow, answer.text],
      [405, allow, '{"error":"Method not allowed"}'],
      path,
    )
  }
})

test('the start page leads to what is on', async () => {
  const answer = await ask(world, 'GET', '/', { host: shop.host })
  assert.deepEqual([answer.status, answer.headers.location], [302, '/events'])
})
