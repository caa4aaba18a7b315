import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerApi } from './api.ts'
import { controlFakeStripe, defaultWebhookSecret, type FakeStripeControls } from './client.ts'
import { control } from './controls.ts'
import { showPage } from './pay-page.ts'
import { advance, type FakeStripeOptions, makeWorld, type NoticePlanner, type World } from './world.ts'

export interface FakeStripe extends FakeStripeControls {
  webhookSecret: string
  /** Decides for each notice; where it answers undefined, the script does. */
  planNotices(planner: NoticePlanner | undefined): void
  stop(): Promise<void>
}

/** A bank on this machine that the real SDK can't tell from Stripe, as far as Foyer uses it; on loopback only. */
export async function startFakeStripe(options: FakeStripeOptions = {}): Promise<FakeStripe> {
  let origin = ''
  const world = makeWorld(options, () => origin)
  const server = createServer((request, response) => {
    answer(world, request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(error.stack)
    })
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address with a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ticking = options.clock ? undefined : setInterval(() => advance(world, 0), 100).unref()
  const webhookSecret = options.webhookSecret ?? defaultWebhookSecret
  return {
    ...controlFakeStripe(origin, webhookSecret),
    webhookSecret,
    planNotices: (planner) => {
      world.planner = planner
    },
    stop: async () => {
      clearInterval(ticking)
      world.post.closing.abort()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request)
  const { pathname } = new URL(request.url ?? '/', 'http://fakestripe')
  const method = request.method ?? 'GET'
  if (pathname.startsWith('/_')) {
    const done = await control(world, method, pathname.slice(1), body)
    response.writeHead(done ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(done ? done.result : null))
    return
  }
  const page = showPage(world, method, pathname, body)
  if (!page) return answerApi(world, request, response, body)
  if ('redirectTo' in page) response.writeHead(303, { location: page.redirectTo }).end()
  else response.writeHead(page.status, { 'content-type': 'text/html; charset=utf-8' }).end(page.html)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
