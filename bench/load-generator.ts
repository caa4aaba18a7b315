import { createRequire } from 'node:module'

/** The load tool, in a process of its own: told by messages what to ask, answers each with what it measured. */

export interface Load {
  url: string
  connections: number
  seconds: number
  headers: Record<string, string>
  /** Buys at this shop in place of asking `url` itself: each connection holds, names a buyer, pays, and begins again. */
  purchase?: { event_slug: string; ticket_id: number }
}

export interface Measured {
  answers: number
  perSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

interface Request {
  method?: string
  path?: string
  body?: string
  headers?: Record<string, string>
  setupRequest?(request: Request, context: Context): Request
  onResponse?(status: number, body: string, context: Context): void
}
type Context = { publicId?: string }
type Run = PromiseLike<{ errors: number; timeouts: number; non2xx: number }> & {
  on(event: 'response', listener: (client: unknown, status: number, bytes: number, ms: number) => void): void
}
type Autocannon = (options: object) => Run

const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon // it brings no types of its own

async function measure({ url, connections, seconds, headers, purchase }: Load): Promise<Measured> {
  const requests = purchase && purchaseRequests(purchase)
  const run = autocannon({ url, connections, duration: seconds, sampleInt: 100, timeout: 120, headers, requests })
  const times: number[] = []
  const begun = performance.now()
  let last = begun
  run.on('response', (_client, _status, _bytes, ms) => {
    times.push(ms)
    last = performance.now()
  })
  const { errors, timeouts, non2xx } = await run
  if (errors + timeouts + non2xx > 0 || times.length === 0)
    throw new Error(`${url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} answers that are not 2xx`)
  times.sort((a, b) => a - b)
  const part = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  const perSecond = (times.length * 1000) / (last - begun) / (requests?.length ?? 1)
  return { answers: times.length, perSecond, p50Ms: part(0.5), p95Ms: part(0.95), p99Ms: part(0.99) }
}

function purchaseRequests({ event_slug, ticket_id }: NonNullable<Load['purchase']>): Request[] {
  const headers = { 'content-type': 'application/json' }
  const json = (value: unknown) => JSON.stringify(value)
  let buyers = 0
  return [
    {
      method: 'POST',
      path: '/checkouts',
      headers,
      body: json({ event_slug, items: [{ ticket_id, quantity: 1 }] }),
      onResponse: (_status, body, context) => {
        context.publicId = JSON.parse(body).public_id
      },
    },
    {
      method: 'PATCH',
      headers,
      setupRequest: (request, { publicId }) => {
        buyers += 1
        const email = `buyer.${process.pid}.${performance.now()}.${buyers}@example.com`
        const buyer = { email, name: `Buyer ${buyers}` }
        return {
          ...request,
          path: `/checkouts/${publicId}`,
          body: json({ buyer, marketing_consent: buyers % 2 === 0 }),
        }
      },
    },
    {
      method: 'POST',
      headers,
      body: json({ provider: 'test', outcome: 'succeed' }),
      setupRequest: (request, { publicId }) => ({ ...request, path: `/checkouts/${publicId}/payment` }),
    },
  ]
}

process.on('message', (load: Load) => {
  measure(load).then(
    (measured) => process.send?.({ measured }),
    (error: Error) => process.send?.({ error: error.message }),
  )
})

// Whoever asked is gone.
process.on('disconnect', () => process.exit())
