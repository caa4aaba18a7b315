import { Readable } from 'node:stream'
import { setImmediate as othersTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Totals } from '../daily-totals.ts'
import { openSnapshot, type Pool, type Tx } from '../database.ts'
import { invalid, Refusal } from '../refusal.ts'
import { type Encoding, sendJson } from './json.ts'
import { nameOf } from './query-strings.ts'

/** Where a page ended: the last row's sort key. Lists are newest first, by an instant and then by id. */
export interface Position {
  at: string
  id: number
}

export interface Page {
  limit: number
  after: Position | undefined
}

const defaultLimit = 50
/** How long a complete list waits for a connection. */
const patienceMs = 10_000
/** After each bunch of a complete list, which are small for that: an answer to somebody else takes several. */
const turnsOfOthers = 4

/** The page that the query asks for; undefined: the complete list (contract 1.2). Throws 422 on `page`. */
export function readPage(query: { limit?: number; page?: string }): Page | undefined {
  if (query.limit === undefined && query.page === undefined) return undefined
  return { limit: query.limit ?? defaultLimit, after: query.page === undefined ? undefined : readCursor(query.page) }
}

/** How a list is shown: newest first, by an instant and then by id. */
export interface Shown<Row> {
  /** The list's name in the answer. */
  name: string
  present: (row: Row) => object
  positionOf: (row: Row) => Position
  presentStats: (totals: Totals) => object
}

export interface PageOf<Row> {
  /** The page's, and one more where there is more. */
  rows: Row[]
  /** Of everything under the filter, whatever the page. */
  totals: Totals
  encoding: Encoding
}

/** Answers a page, with `Link` where more follows (contract 1.2). */
export function sendPage<Row>(
  reply: FastifyReply,
  baseUrl: string,
  limit: number,
  { rows: found, totals, encoding }: PageOf<Row>,
  { name, present, positionOf, presentStats }: Shown<Row>,
): FastifyReply {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  const nextPage = last === undefined ? null : writeCursor(positionOf(last))
  if (nextPage !== null) setNextLink(reply, baseUrl, limit, nextPage)
  const pagination = { total_count: totals.count, limit, next_page: nextPage }
  return sendJson(reply, { [name]: rows.map(present), stats: presentStats(totals), pagination }, encoding)
}

function setNextLink(reply: FastifyReply, baseUrl: string, limit: number, nextPage: string): void {
  const [path = '', query = ''] = reply.request.url.split('?')
  const others = query.split('&').filter((pair) => pair !== '' && !/^(limit|page)$/.test(nameOf(pair)))
  const asked = [...others, `limit=${limit}`, `page=${nextPage}`].join('&')
  reply.header('link', `<${baseUrl}${path}?${asked.replace(/[^!-~]|[<>"]/g, encodeURIComponent)}>; rel="next"`)
}

/** What a complete list reads. */
export interface Whole<Row> {
  /** Everything under the filter, in bunches, read in `tx`; texts as `copyRows` has them. */
  all: (tx: Tx) => AsyncIterable<Row[]>
  totals: (tx: Tx) => Promise<Totals>
}

/**
 * Answers the complete list (contract 1.2): written to the socket as it is read, in constant memory, as of one moment.
 * `readers` are connections kept for it, so that it never takes those that others wait for.
 */
export async function sendCompleteList<Row>(
  reply: FastifyReply,
  readers: Pool,
  whole: Whole<Row>,
  shown: Shown<Row>,
): Promise<FastifyReply> {
  reply.type('application/json; charset=utf-8')
  if (reply.request.method === 'HEAD') return reply.send(Readable.from([]))
  const { tx, close } = await openInTime(readers)
  const stream = Readable.from(jsonOf(tx, whole, shown), { objectMode: false, highWaterMark: 65_536 })
  // Not in the generator's own `finally`: a client that hangs up before the first row never starts it.
  stream.once('close', close)
  return reply.send(stream)
}

/** Throws 503 where all connections for long readers stay taken. */
async function openInTime(readers: Pool): ReturnType<typeof openSnapshot> {
  const opening = openSnapshot(readers)
  const first = await Promise.race([opening, sleep(patienceMs, undefined, { ref: false })])
  if (first) return first
  opening.then(({ close }) => close()).catch(() => {}) // it comes too late: whoever waits next has it
  throw new Refusal(
    503,
    { error: 'Too many complete lists are being read. Use limit, or try again' },
    { 'retry-after': '10' },
  )
}

async function* jsonOf<Row>(
  tx: Tx,
  whole: Whole<Row>,
  { name, present, presentStats }: Shown<Row>,
): AsyncGenerator<string | Buffer> {
  const totals = await whole.totals(tx)
  let separator = `{"${name}":[`
  for await (const rows of whole.all(tx)) {
    yield Buffer.from(separator + JSON.stringify(rows.map(present)).slice(1, -1), 'latin1')
    separator = ','
    for (let turn = 0; turn < turnsOfOthers; turn++) await othersTurn()
  }
  const stats = JSON.stringify(presentStats(totals))
  const pagination = JSON.stringify({ total_count: totals.count, limit: null, next_page: null })
  yield `${separator === ',' ? '' : separator}],"stats":${stats},"pagination":${pagination}}`
}

function writeCursor({ at, id }: Position): string {
  return Buffer.from(`${at}/${id}`).toString('base64url')
}

function readCursor(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, at, id] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)\/([1-9]\d{0,9})$/.exec(text) ?? []
  const isCursor = at !== undefined && !Number.isNaN(Date.parse(at)) && Number(id) <= 2_147_483_647
  if (!isCursor || writeCursor({ at, id: Number(id) }) !== cursor) throw invalid('page', 'is invalid')
  return { at, id: Number(id) }
}
