import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../support/world.ts'
import { ask, bearer } from './ask.ts'
import { makeBelongings, pathOf } from './belongings.ts'
import { type Operation, readOperations } from './operations.ts'

const world = await openWorld()
const things = await makeBelongings(world)
const operations = await readOperations(world, '/admin')
const headers = bearer(things.who.writeToken)
const ownOfEachAnswer = ['date', 'x-request-id', 'connection', 'keep-alive', 'transfer-encoding']

for (const [path, methods] of methodsByPath(operations)) {
  test(`${path} refuses every other method with 405 and names its own`, async () => {
    const [first] = operations.filter((operation) => operation.path === path)
    assert.ok(first)
    const url = pathOf(first, things)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
      (candidate) => !methods.has(candidate),
    )) {
      for (const spelling of first.mediaType?.startsWith('text/') ? [url] : [url, `${url}.json`]) {
        const answer = await ask(world, method, spelling, headers)

        assert.equal(answer.status, 405, `${method} ${spelling}`)
        assert.equal(answer.headers.allow, [...methods].sort().join(', '))
        if (method !== 'HEAD') assert.equal(answer.text, '{"error":"Method not allowed"}')
      }
    }
  })
}

for (const operation of operations.filter((candidate) => candidate.isRead)) {
  const url = pathOf(operation, things)
  const urls = ['/customers', '/orders'].some((end) => url.endsWith(end)) ? [url, `${url}?limit=1`] : [url]

  test(`HEAD ${operation.path} has the status and headers of GET and no body`, async () => {
    for (const path of urls) {
      const get = await ask(world, 'GET', path, headers)
      const head = await ask(world, 'HEAD', path, headers)

      assert.equal(head.status, get.status)
      assert.equal(head.text, '')
      const left = new Set(ownOfEachAnswer)
      if (get.headers['content-length'] === undefined)
        assert.equal(head.headers['content-length'], undefined, `${path}: content-length`)
      for (const name of new Set([...Object.keys(get.headers), ...Object.keys(head.headers)]).difference(left)) {
        assert.equal(head.headers[name], get.headers[name], `${path}: ${name}`)
      }
    }
  })

  if (operation.mediaType !== 'application/json') continue
  test(`GET ${operation.path} answers the same bytes at .json, whatever Accept says`, async () => {
    for (const path of urls) {
      const [before = '', query] = path.split('?')
      const spelled = `${before}.json${query === undefined ? '' : `?${query}`}`
      const { authorization = '' } = headers
      const asked = await ask(world, 'GET', path, headers)
      for (const accept of [
        'application/json',
        'text/html',
        '*/*',
        '',
        'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      ]) {
        const answer = await ask(world, 'GET', spelled, { authorization, accept })
        assert.equal(answer.status, 200)
        assert.equal(answer.text, asked.text, accept)
        assert.equal(answer.headers['content-type'], asked.headers['content-type'])
        assert.equal(answer.headers.link, asked.headers.link)
      }
    }
  })
}

test('a path that is not there is 404 for every method', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const path of ['/admin', '/admin/nothing', '/admin/customers/1/nothing', '/admin//customers']) {
      const answer = await ask(world, method, path, headers)
      assert.deepEqual([answer.status, answer.text], [404, '{"error":"Not found"}'], `${method} ${path}`)
    }
  }
})

function methodsByPath(all: Operation[]): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  for (const { path, method } of all) {
    const methods = known.get(path) ?? new Set()
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
    known.set(path, methods)
  }
  return known
}
