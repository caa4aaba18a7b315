import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { putLoad } from '../http-load.ts'
import type { Row } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import { type Hot, makeHotTicket } from './purchase-rows.ts'

/** What a page may take in the server, from the request to the answer, with nobody else there. */
const pageMs = 10

type Addresses = Record<'list' | 'event' | 'details' | 'payment' | 'order', string>

/** Each page of the shop, for one visitor after the other, in the account with the most orders. */
export function pageRows(stage: Stage): Row[] {
  let known: Promise<Addresses & { host: string }> | undefined
  const prepare = () => {
    known ??= openPages(stage)
    return known
  }
  return (['list', 'event', 'details', 'payment', 'order'] as const).map((page) => ({
    ...{ group: 'pages', name: `shop page: ${page}`, shown: ['perSecond', 'p50Ms', 'p95Ms', 'p99Ms'] },
    bars: [{ figure: 'p50Ms', atMost: pageMs }],
    contestants: [
      {
        name: 'foyer',
        measure: async () => {
          const { host, ...addresses } = await prepare()
          const headers = { host, accept: 'text/html', 'accept-language': 'de' }
          const url = stage.foyer.url + addresses[page]
          const { answers: _, ...figures } = await putLoad({
            ...{ url, connections: 1, headers },
            seconds: stage.options.seconds,
          })
          return figures
        },
      },
    ],
  }))
}

/** An event, a checkout at each of its steps, and an order, made by the forms that buyers fill in. */
async function openPages(stage: Stage): Promise<Addresses & { host: string }> {
  const hot = await makeHotTicket(stage, stage.loaded.large)
  const send = (path: string, fields: Record<string, string>) => sendForm(stage.foyer.url + path, hot, fields)
  const begin = () => send('/checkouts', { event_slug: hot.eventSlug, [`quantity_${hot.ticketId}`]: '2' })
  const details = await begin()
  const payment = await begin()
  const paid = await begin()
  const buyer = { email: 'pages@example.com', name: 'Page Turner' }
  await send(`${payment}/details`, buyer)
  await send(`${paid}/details`, buyer)
  await send(`${paid}/pay`, { provider: 'test', outcome: 'succeed' })
  const order = await sendForm(stage.foyer.url + paid, hot)
  const list = '/events'
  return { list, event: `/events/${hot.eventSlug}`, details: `${details}/details`, payment, order, host: hot.host }
}

/** Sends the form, or without fields asks for the page; resolves to the path that the answer leads to. */
async function sendForm(url: string, { host }: Hot, fields?: Record<string, string>): Promise<string> {
  const form: Record<string, string> =
    fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const asked = request(url, {
    method: fields === undefined ? 'GET' : 'POST',
    headers: { host, accept: 'text/html', ...form },
  })
  asked.end(new URLSearchParams(fields).toString())
  const [answer] = await once(asked, 'response')
  const body = await text(answer)
  if (answer.statusCode !== 303) throw new Error(`${url}: ${answer.statusCode} ${body.slice(0, 500)}`)
  return String(answer.headers.location).split('?')[0] ?? ''
}
