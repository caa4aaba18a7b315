import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const only = await world.organizer({ subdomain: 'only' })
const { slug, ticketId } = await world.event(only, { title: 'Only Event' })
const at = (host: string, path = '/events') => ask(world, 'GET', path, { host, accept: 'application/json' })
const slugsOf = (body: unknown) => (body as { events: { slug: string }[] }).events.map((event) => event.slug)

test('an installation with one account serves its shop at any host', async () => {
  for (const host of [
    'only.foyer.test',
    'foyer.test',
    'localhost:3000',
    '127.0.0.1',
    'nobody.foyer.test',
    'tickets.example.com',
  ]) {
    const answer = await at(host)
    assert.deepEqual([answer.status, slugsOf(answer.json())], [200, [slug]], host)
  }
})

test('with several accounts each shop is at its own host and an unknown host is 404', async () => {
  const second = await world.organizer({ subdomain: 'second' })
  const { slug: secondSlug } = await world.event(second, { title: 'Second Event' })
  assert.deepEqual(slugsOf((await at('only.foyer.test')).json()), [slug])
  assert.deepEqual(slugsOf((await at('second.foyer.test')).json()), [secondSlug])
  assert.deepEqual(slugsOf((await at('SECOND.Foyer.TEST')).json()), [secondSlug])
  for (const host of [
    'foyer.test',
    'third.foyer.test',
    'localhost',
    'x.only.foyer.test',
    'onlyfoyer.test',
    'only.foyer.test.example.com',
    'only.foyer.test.',
    '',
  ]) {
    for (const path of ['/events', `/events/${slug}`, '/checkouts/abc']) {
      const answer = await at(host, path)
      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], `${host}${path}`)
    }
  }
  assert.equal((await at('second.foyer.test', `/events/${slug}`)).status, 404)
})

test("a checkout opens, changes, is paid and given back only on its own shop's host", async () => {
  const second = await world.organizer()
  const items = [{ ticket_id: ticketId, quantity: 1 }]
  const { public_id: id } = expect(201, await world.shop(only, 'POST', '/checkouts', { event_slug: slug, items }))
  assert.equal((await world.shop(second, 'GET', `/checkouts/${id}`)).status, 404)
  assert.equal(
    (await world.shop(second, 'PATCH', `/checkouts/${id}`, { buyer: { email: 'a@example.com' } })).status,
    404,
  )
  assert.equal(
    (await world.shop(second, 'POST', `/checkouts/${id}/payment`, { provider: 'test', outcome: 'succeed' })).status,
    404,
  )
  assert.equal((await world.shop(second, 'DELETE', `/checkouts/${id}`)).status, 404)
  assert.equal((await world.shop(second, 'POST', '/checkouts', { event_slug: slug, items })).status, 422)
  assert.equal((await world.shop(only, 'GET', `/checkouts/${id}`)).status, 200)
})

test("another shop's ticket can't be put into a checkout", async () => {
  const second = await world.organizer()
  const theirs = await world.event(second)
  const answer = await world.shop(only, 'POST', '/checkouts', {
    event_slug: slug,
    items: [{ ticket_id: theirs.ticketId + 1000, quantity: 1 }],
  })
  assert.deepEqual([answer.status, answer.body], [422, { errors: { items: ['must exist'] } }])
  const foreign = await world.shop(second, 'POST', '/checkouts', {
    event_slug: theirs.slug,
    items: [{ ticket_id: ticketId, quantity: 1 }],
  })
  assert.deepEqual([foreign.status, foreign.body], [422, { errors: { items: ['must exist'] } }])
})

test('the token decides the account under /admin, whatever the host', async () => {
  const answer = await ask(world, 'GET', '/admin/identity', {
    host: 'second.foyer.test',
    authorization: `Bearer ${only.readToken}`,
  })
  assert.equal((answer.json() as { account: { subdomain: string } }).account.subdomain, 'only')
})
