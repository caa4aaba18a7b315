import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { testDatabase } from '../support/database.ts'
import { startServerProcess } from '../support/server-process.ts'

const { url: databaseUrl } = await testDatabase()

function socketTo(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  return once(socket, 'connect').then(() => socket)
}

test('a stop does not wait for connections on which nothing, or only half a question, was asked', async () => {
  const server = await startServerProcess({ databaseUrl })
  await socketTo(server.url)
  const half = await socketTo(server.url)
  half.write('GET /healthz HTTP/1.1\r\nHost: a')

  const began = performance.now()
  await server.stop()

  assert.ok(performance.now() - began < 8000, 'it takes a few seconds at most')
})

test('a request that is being answered when the stop comes gets its answer', async () => {
  const server = await startServerProcess({ databaseUrl })
  const unused = await socketTo(server.url)
  const body = JSON.stringify({ email: 'jane@example.com' })
  const asked = request(`${server.url}/lost_tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' },
  })
  asked.flushHeaders()
  await once(asked, 'continue')

  const stopped = server.stop()
  await once(unused.resume(), 'close')
  asked.end(body)
  const [answer] = await once(asked, 'response')

  assert.ok(answer.statusCode < 500, String(answer.statusCode))
  await stopped
})
