import { Agent, request } from 'node:http'
import type { Organizer } from '../support/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape, and fail where the shape is another
type Body = any

export interface ShopAnswer {
  status: number
  body: Body
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface Item {
  ticket_id: number
  quantity: number
}

/** Buyers and staff of one organiser, who reach whichever server their turn falls on. */
export interface ShopClient {
  ask(method: Method, path: string, body?: unknown): Promise<ShopAnswer>
  /** Opens a checkout. */
  begin(eventSlug: string, items: Item[]): Promise<ShopAnswer>
  setBuyer(checkout: string, email: string): Promise<ShopAnswer>
  pay(checkout: string, outcome?: 'succeed' | 'decline' | 'pend'): Promise<ShopAnswer>
  /** Opens a checkout and says who buys. Throws where that is refused. */
  readyToPay(eventSlug: string, items: Item[], email: string): Promise<string>
}

const agent = new Agent({ keepAlive: true, maxSockets: 200 })

/** Takes the servers in turn. Rejects where the connection breaks: no answer is not an answer. */
export function shopClient(servers: { url: string }[], who: Organizer): ShopClient {
  let turn = 0
  const client: ShopClient = {
    ask: (method, path, body) => send(servers[turn++ % servers.length]?.url ?? '', method, path, who, body),
    begin: (eventSlug, items) => client.ask('POST', '/checkouts', { event_slug: eventSlug, items }),
    setBuyer: (checkout, email) => client.ask('PATCH', `/checkouts/${checkout}`, { buyer: { email, name: 'Jane' } }),
    pay: (checkout, outcome = 'succeed') =>
      client.ask('POST', `/checkouts/${checkout}/payment`, { provider: 'test', outcome }),
    readyToPay: async (eventSlug, items, email) => {
      const begun = await client.begin(eventSlug, items)
      if (begun.status !== 201) throw new Error(`could not begin: ${begun.status} ${JSON.stringify(begun.body)}`)
      const named = await client.setBuyer(begun.body.public_id, email)
      if (named.status !== 200)
        throw new Error(`could not name the buyer: ${named.status} ${JSON.stringify(named.body)}`)
      return begun.body.public_id
    },
  }
  return client
}

function send(base: string, method: Method, path: string, who: Organizer, body: unknown): Promise<ShopAnswer> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    host: `${who.subdomain}.foyer.test`,
    accept: 'application/json',
    ...(path.startsWith('/admin') ? { authorization: `Bearer ${who.writeToken}` } : {}),
    ...(payload === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  }
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, { method, agent, headers, timeout: 20_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }),
      )
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer: ${method} ${path}`)))
    asked.on('error', reject)
    asked.end(payload)
  })
}
