import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { putLoad } from '../http-load.ts'
import type { LoadedAccount, Storage } from '../load.ts'
import { findPgbench } from '../machine.ts'
import { pgbenchScript } from '../pgbench-script.ts'
import { baseUrl } from '../processes.ts'
import { openRecorder, type Recorder, type Statement } from '../recorded-statements.ts'
import type { Figures, Row } from '../rounds.ts'
import { headersOf, type Stage } from '../stage.ts'

const buyers = 32
/** Commits wait for the disk: a longer look than at reads. */
const timesLonger = 2

/** One ticket that everyone wants: hold, name the buyer, pay, over and over; and PostgreSQL alone with the same work. */
export function purchaseRow(stage: Stage): Row {
  const pgbench = findPgbench()
  let hot: Hot | undefined
  let script = ''
  const seconds = stage.options.seconds * timesLonger
  const overHttp = async (): Promise<Figures> => {
    if (!hot) throw new Error('measured before begin()')
    const headers = { host: hot.host, accept: 'application/json' }
    const { eventSlug, ticketId } = hot
    const purchase = { event_slug: eventSlug, ticket_id: ticketId }
    const load = { url: stage.foyer.url, connections: buyers, seconds, headers, purchase }
    return { perSecond: (await putLoad(load)).perSecond }
  }
  const byPgbench = async () => runPgbench(pgbench ?? '', script, stage.storage.url, seconds)
  const name = `hold and pay, one hot ticket, ${buyers} buyers`
  return {
    ...{ group: 'purchase', name: pgbench ? name : `${name} (no pgbench: apt-get install postgresql)` },
    shown: ['perSecond'],
    bars: pgbench ? [{ figure: 'perSecond', against: 'pgbench', atLeast: 0.4 }] : [],
    contestants: [{ name: 'foyer', measure: overHttp }, ...(pgbench ? [{ name: 'pgbench', measure: byPgbench }] : [])],
    begin: async () => {
      hot = await makeHotTicket(stage, stage.loaded.beside[0] ?? stage.loaded.small)
      if (pgbench) script = await recordPurchase(stage.storage, hot)
    },
  }
}

export interface Hot {
  host: string
  eventSlug: string
  ticketId: number
}

/** A published event in the account, with one ticket that does not run out. */
export async function makeHotTicket({ foyer }: Stage, account: LoadedAccount): Promise<Hot> {
  const post = async (path: string, body: object) => {
    const headers = { ...headersOf(account), 'content-type': 'application/json' }
    const answer = await fetch(foyer.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return JSON.parse(await answer.text())
  }
  const address = { address: 'Street 1', city: 'Berlin', postal_code: '10115' }
  const venue = await post('/admin/venues', { name: 'Hall', ...address })
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const times = { starts_at: day(30), ends_at: day(31) }
  const event = await post('/admin/events', { title: 'Hot', venue_id: venue.id, ...times })
  const path = `/admin/events/${event.slug}`
  const ticket = await post(`${path}/standard_tickets`, { title: 'Hot', price: '20.00', stock: 10_000_000 })
  await post(`${path}/publication`, {})
  const host = `${account.subdomain}.${new URL(baseUrl).host}`
  return { host, eventSlug: event.slug, ticketId: ticket.id }
}

/** The statements that Foyer really sends for a purchase, as a script that pgbench can repeat. */
async function recordPurchase({ url, db }: Storage, hot: Hot): Promise<string> {
  const recorder = await openRecorder(url)
  try {
    const instant = new Date(Math.floor(Date.now() / 1000) * 1000)
    await spreadNumbers(db)
    await purchase(recorder, hot, 'warming', instant)
    const one = await purchase(recorder, hot, 'recorded-one', instant)
    const other = await purchase(recorder, hot, 'recorded-other', instant)
    return pgbenchScript(one, other)
  } finally {
    await recorder.close()
  }
}

/** From here on no two tables count alike: it can be told whose a number is. */
async function spreadNumbers(db: Storage['db']): Promise<void> {
  await db`
    select setval(seqrelid::regclass, max(coalesce(last, 1)) over () + 100 * row_number() over ())
    from (select seqrelid, pg_sequence_last_value(seqrelid) as last from pg_sequence
          where seqrelid::regclass::text like '%\\_id\\_seq') numbers`
}

async function purchase(recorder: Recorder, hot: Hot, buyer: string, instant: Date): Promise<Statement[]> {
  recorder.taken()
  const { public_id } = await hold(recorder, hot, instant)
  const email = `${buyer}.${instant.getTime()}@example.com`
  const changes = { buyer: { email, name: 'Buyer' }, marketing_consent: true }
  await send(recorder, hot, 'PATCH', `/checkouts/${public_id}`, changes)
  await send(recorder, hot, 'POST', `/checkouts/${public_id}/payment`, { provider: 'test', outcome: 'succeed' })
  return recorder.taken()
}

function hold(recorder: Recorder, hot: Hot, instant: Date) {
  recorder.setTime(instant)
  const items = [{ ticket_id: hot.ticketId, quantity: 1 }]
  return send(recorder, hot, 'POST', '/checkouts', { event_slug: hot.eventSlug, items })
}

async function send({ app }: Recorder, hot: Hot, method: 'POST' | 'PATCH', url: string, body: object) {
  const headers = { host: hot.host, 'content-type': 'application/json', accept: 'application/json' }
  const answer = await app.inject({ method, url, headers, payload: JSON.stringify(body) })
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
  return JSON.parse(answer.body)
}

async function runPgbench(pgbench: string, script: string, url: string, seconds: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-bench-'))
  try {
    const file = join(folder, 'purchase.sql')
    await writeFile(file, script)
    const words = ['-n', '-M', 'prepared', '-c', String(buyers), '-j', '2', '-T', String(seconds), '-f', file, url]
    const env = { ...process.env, PGOPTIONS: '-c plan_cache_mode=force_generic_plan' } // as Foyer asks
    const run = promisify(execFile)(pgbench, words, { env })
    const { stdout } = await run.catch(({ stderr }: { stderr: string }) => Promise.reject(new Error(stderr)))
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
    if (/number of failed transactions: [1-9]/.test(stdout) || !perSecond) throw new Error(stdout)
    return { perSecond }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
