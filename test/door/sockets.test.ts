import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { after, test } from 'node:test'
import { openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
await world.app.listen({ port: 0, host: '127.0.0.1' })
const { port } = world.app.server.address() as AddressInfo // listening on TCP: never a path
after(() => world.app.server.closeAllConnections())

interface RawAnswer {
  status: number
  headers: Map<string, string>
  body: string
}

/** Sends the lines as they are and reads until the server closes. */
async function send(...lines: string[]): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(lines.join('\r\n'))
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.on('close', resolve))
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field): [string, string] => [
    field.slice(0, field.indexOf(':')).toLowerCase(),
    field.slice(field.indexOf(':') + 1).trim(),
  ])
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body: rest.join('\r\n\r\n') }
}

function request(first: string, ...headers: string[]): Promise<RawAnswer> {
  return send(
    `${first} HTTP/1.1`,
    'Host: foyer.test',
    'Connection: close',
    `Authorization: Bearer ${club.writeToken}`,
    ...headers,
    '',
    '',
  )
}

test('what is not HTTP is refused in the shape of every other error', async () => {
  for (const lines of [
    ['nonsense', '', ''],
    ['GET /events FTP/1.1', '', ''],
    ['GET /events HTTP/1.1', 'Host: a', 'bad header', '', ''],
    ['GET /ev ents HTTP/1.1', 'Host: a', '', ''],
  ]) {
    const answer = await send(...lines)
    assert.equal(answer.status, 400, lines[0])
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    const body = JSON.parse(answer.body)
    assert.deepEqual(Object.keys(body), ['error'], answer.body)
  }
})

test('headers too large are 431, in the same shape', async () => {
  const answer = await request('GET /events', `X-Long: ${'x'.repeat(20_000)}`)
  assert.equal(answer.status, 431)
  assert.deepEqual(Object.keys(JSON.parse(answer.body)), ['error'], answer.body)
})

test('methods that nobody uses are 405 on a known path, and harm nobody on any', async () => {
  for (const method of ['TRACE', 'PROPFIND', 'LOCK', 'SEARCH', 'REPORT']) {
    for (const path of ['/admin/customers', '/events']) {
      const answer = await request(`${method} ${path}`)
      assert.equal(answer.status, 405, `${method} ${path}: ${answer.status} ${answer.body}`)
      assert.match(answer.headers.get('allow') ?? '', /GET/)
    }
    assert.ok([404, 405].includes((await request(`${method} /nothing`)).status))
  }
})

test('a target as a whole URL, as proxies send it, is the same request', async () => {
  assert.equal((await request('GET http://foyer.test/admin/identity')).status, 200)
})

test('two Authorization headers open nothing that one does not', async () => {
  const answer = await request('GET /admin/identity', 'Authorization: Bearer other')
  assert.ok([200, 400, 401].includes(answer.status))
})

test('a body longer or shorter than announced is refused or waited for, never half read', async () => {
  const long = await request(
    'POST /admin/venues',
    'Content-Type: application/json',
    'Content-Length: 2',
    '',
    '{}{"name":"smuggled"}',
  )
  assert.ok([400, 422].includes(long.status))
  const chunked = await request(
    'POST /admin/venues',
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
    '',
    '2',
    '{}',
    '0',
  )
  assert.equal(chunked.status, 422)
  const both = await request(
    'POST /admin/venues',
    'Content-Type: application/json',
    'Content-Length: 5',
    'Transfer-Encoding: chunked',
    '',
    '2',
    '{}',
    '0',
  )
  assert.equal(both.status, 400)
})

test('HEAD sends no body on the wire, for pages, complete lists and errors', async () => {
  for (const [path, status] of [
    ['/admin/customers', 200],
    ['/admin/customers?limit=1', 200],
    ['/admin/customers/999', 404],
    ['/events', 200],
    ['/healthz', 200],
    ['/admin/customers?limit=0', 422],
  ] as const) {
    const answer = await request(`HEAD ${path}`)
    assert.deepEqual([answer.status, answer.body], [status, ''], path)
  }
})

test('the log-in of existing clients is answered: HEAD /admin/events.json', async () => {
  assert.equal((await request('HEAD /admin/events.json')).status, 200)
  const stranger = await send(
    'HEAD /admin/events.json HTTP/1.1',
    'Host: a',
    'Connection: close',
    'Authorization: Bearer no',
    '',
    '',
  )
  assert.deepEqual([stranger.status, stranger.body], [401, ''])
})
