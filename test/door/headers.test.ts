import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, bearer, json } from '../matrix/ask.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club)
const headers = bearer(club.writeToken)
const answers = {
  'a list': await ask(world, 'GET', '/admin/customers', headers),
  'a page': await ask(world, 'GET', '/admin/customers?limit=1', headers),
  'a thing': await ask(world, 'GET', `/admin/events/${slug}`, headers),
  'a write': await ask(world, 'PATCH', `/admin/events/${slug}`, headers, { title: 'New' }),
  'a 204': await ask(world, 'DELETE', `/admin/events/${(await world.event(club, { title: 'Gone' })).slug}`, headers),
  'a 400 in the URL': await ask(world, 'GET', '/admin/events/%zz', headers),
  'a 400 in the body': await ask(world, 'POST', '/admin/events', headers, '{'),
  'a 401': await ask(world, 'GET', '/admin/customers.json', {}),
  'a 404': await ask(world, 'GET', '/admin/customers/999999', headers),
  'a 404 for no route': await ask(world, 'GET', '/admin/nothing', headers),
  'a 404 outside /admin': await ask(world, 'GET', '/nothing', json),
  'a 404 for broken UTF-8': await ask(world, 'GET', '/admin/events/%FF', headers),
  'a 405': await ask(world, 'PUT', '/admin/customers', headers),
  'a 422': await ask(world, 'GET', '/admin/customers?limit=0', headers),
  'the page for browsers': await ask(world, 'GET', '/admin', { accept: 'text/html' }),
  'the feed': await ask(world, 'GET', '/events', json),
  'a checkout': await ask(world, 'POST', '/checkouts', {}, {}),
  'a probe': await ask(world, 'GET', '/healthz', {}),
  'the OpenAPI file': await ask(world, 'GET', '/openapi.json', {}),
}

test('every answer has an id of its own', () => {
  const ids = Object.entries(answers).map(([what, { headers }]) => {
    assert.match(headers['x-request-id']?.toString() ?? '', /^[\w-]{8,64}$/, what)
    return headers['x-request-id']
  })
  assert.equal(new Set(ids).size, ids.length)
})

test('an id that the client sends is not taken over', async () => {
  const answer = await ask(world, 'GET', '/healthz', { 'x-request-id': 'mine"\n' })
  assert.doesNotMatch(String(answer.headers['x-request-id']), /mine/)
})

test('every answer tells the browser to trust nothing', () => {
  for (const [what, { headers }] of Object.entries(answers)) {
    assert.equal(headers['x-content-type-options'], 'nosniff', what)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, what)
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, what)
    assert.equal(headers['referrer-policy'], 'no-referrer', what)
    assert.equal(headers['x-powered-by'], undefined, what)
    assert.equal(headers.server, undefined, what)
  }
})

test('nothing under /admin may be kept by a cache', async () => {
  for (const [what, { headers }] of Object.entries(answers)) {
    if (['a 404 outside /admin', 'the feed', 'a probe', 'the OpenAPI file', 'the page for browsers'].includes(what))
      continue
    assert.match(String(headers['cache-control']), /no-store/, what)
  }
})

test('nothing under /admin may be read by the page of another site', () => {
  for (const [what, { headers }] of Object.entries(answers)) {
    if (what === 'the feed') assert.equal(headers['access-control-allow-origin'], '*')
    else assert.equal(headers['access-control-allow-origin'], undefined, what)
  }
})
