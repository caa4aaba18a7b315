import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Asked, ask } from '../matrix/ask.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const token = { authorization: `Bearer ${club.readToken}` }
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

function assertPage(answer: Asked): void {
  assert.equal(answer.status, 404)
  assert.match(String(answer.headers['content-type']), /^text\/html/)
  assert.match(answer.text, /foyer account/)
  assert.match(answer.text, /foyer token/)
}

function assertJson(answer: Asked, status: number): void {
  assert.equal(answer.status, status, answer.text)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
}

test('a browser at /admin is told how to make an account and a token', async () => {
  for (const path of ['/admin', '/admin/', '/admin/customers', '/admin/events/some-event', '/admin/nothing']) {
    assertPage(await ask(world, 'GET', path, { accept: browser }))
    assertPage(await ask(world, 'GET', path, { accept: '*/*' }))
    assertPage(await ask(world, 'GET', path, {}))
    const head = await ask(world, 'HEAD', path, { accept: browser })
    assert.equal(head.status, 404)
    assert.match(String(head.headers['content-type']), /^text\/html/)
    assert.equal(head.text, '')
  }
})

test('a Bearer token never opens a page: asked for HTML, it gets what a browser without one gets', async () => {
  assertPage(await ask(world, 'GET', '/admin/customers', { ...token, accept: browser }))
  assertPage(await ask(world, 'GET', '/admin/customers', { ...token, accept: 'text/html' }))
})

test('a Bearer token that does not ask for HTML gets JSON', async () => {
  for (const accept of ['*/*', '', 'application/json', 'application/xml', 'image/png', 'text/plain']) {
    assertJson(await ask(world, 'GET', '/admin/customers', { ...token, accept }), 200)
  }
  assertJson(await ask(world, 'GET', '/admin/customers', token), 200)
})

test('Accept with application/json gets JSON, whatever else it names', async () => {
  for (const accept of [
    'application/json',
    'application/json, text/plain, */*',
    'text/html, application/json;q=0.5',
    'Application/JSON',
  ]) {
    assertJson(await ask(world, 'GET', '/admin/customers', { ...token, accept }), 200)
    assertJson(await ask(world, 'GET', '/admin/customers', { accept }), 401)
  }
})

test('a path that ends in .json is JSON for everyone', async () => {
  assertJson(await ask(world, 'GET', '/admin/customers.json', { ...token, accept: browser }), 200)
  assertJson(await ask(world, 'GET', '/admin/customers.json', { accept: browser }), 401)
  assertJson(await ask(world, 'GET', '/admin/customers.json', {}), 401)
  assertJson(await ask(world, 'GET', '/admin.json', { accept: browser }), 401)
})

test('a write without a token is refused as JSON, never by a page or a redirect', async () => {
  for (const method of ['POST', 'PATCH', 'DELETE', 'PUT']) {
    assertJson(await ask(world, method, '/admin/venues', { accept: browser }), 401)
    assertJson(await ask(world, method, '/admin/nothing', { accept: browser }), 401)
  }
})

test('the scheme of the token is written in any case, with any number of spaces', async () => {
  for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
    assertJson(await ask(world, 'GET', '/admin/identity', { authorization: `${scheme} ${club.readToken}` }), 200)
  }
})

test('JSON is UTF-8', async () => {
  const answer = await ask(world, 'GET', '/admin/identity', token)
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
})
