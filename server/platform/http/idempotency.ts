import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Db, type Fragment, isLockTimeout, type Pool, type Tx, transaction } from '../database.ts'
import { conflict, invalid, Refusal } from '../refusal.ts'

const keptMs = 7 * 86_400_000

/** What a creating POST answers. */
export interface Created {
  status: 200 | 201
  location?: string
  body: unknown
}

/** Who asks, as far as asking twice is concerned. */
export interface Asker {
  accountId: number
  /** What the caller may do: the same key from one who may do less is another input. */
  permission: string
  now: Date
}

/**
 * Answers a creating POST once (contract 1.4): under an `Idempotency-Key`, the same input gets the first answer again for
 * seven days. Key and effect are one transaction, so `act` must do all its work in the `db` that it is handed.
 *
 * Throws 409 for another input under the key, and after five seconds of waiting for a twin that is still running.
 * What `act` throws is thrown on, and nothing is kept.
 */
export async function answerOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  db: Pool,
  asker: Asker,
  act: (db: Db) => Promise<Created>,
): Promise<FastifyReply> {
  const key = keyOf(request)
  if (key === undefined) return send(reply, serialized(reply, await act(db)))
  const entry = { ...asker, key, method: request.method, path: pathOf(request), inputHash: hashInput(request, asker) }
  try {
    return send(
      reply,
      await transaction(db, (tx) => actOrRecall(tx, entry, async () => serialized(reply, await act(tx)))),
    )
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    const stillRunning = conflict('A request with this Idempotency-Key is still running')
    throw new Refusal(409, stillRunning.body, { 'retry-after': '1' })
  }
}

/** Forgets what is older than seven days. */
export async function deleteOldKeys(db: Db, now: Date): Promise<void> {
  await db`delete from idempotency_keys where created_at < ${new Date(now.getTime() - keptMs)}`
}

interface Entry extends Asker {
  key: string
  method: string
  path: string
  inputHash: Buffer
}

interface Answer {
  status: number
  location: string | null
  body: string
}

async function actOrRecall(tx: Tx, entry: Entry, act: () => Promise<Answer>): Promise<Answer> {
  const { accountId, method, path, key, inputHash, now } = entry
  const where = tx`account_id = ${accountId} and method = ${method} and path = ${path} and key = ${key}`
  await tx`set local lock_timeout = '5s'`
  await tx`delete from idempotency_keys where ${where} and created_at < ${new Date(now.getTime() - keptMs)}`
  // Waits here for a twin that is still running: if it succeeds, its row is found; if it fails, this one goes ahead.
  const inserted = await tx`
    insert into idempotency_keys ${tx({ accountId, method, path, key, inputHash, createdAt: now })}
    on conflict do nothing returning 1 as mine`
  await tx`set local lock_timeout = 0`
  if (inserted.length === 0) return recall(tx, where, inputHash)
  const answer = await act()
  await tx`
    update idempotency_keys set status = ${answer.status}, location = ${answer.location}, body = ${answer.body}
    where ${where}`
  return answer
}

async function recall(tx: Tx, where: Fragment, inputHash: Buffer): Promise<Answer> {
  const [kept] = await tx<[Answer & { inputHash: Buffer }]>`
    select input_hash, status, location, body from idempotency_keys where ${where}`
  if (!inputHash.equals(kept.inputHash)) throw conflict('This Idempotency-Key was used with another input')
  return kept
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = String(request.headers['idempotency-key'] ?? '').trim()
  if (key.length > 255) throw invalid('Idempotency-Key', 'is too long (maximum is 255 characters)')
  return key || undefined
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? request.url
}

/** Equal for bodies that differ only in the order of keys or in being wrapped. */
function hashInput(request: FastifyRequest, { permission }: Asker): Buffer {
  return createHash('sha256')
    .update(`${permission}\n${sortedJson(request.body)}`)
    .digest()
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function serialized(reply: FastifyReply, { status, location, body }: Created): Answer {
  return { status, location: location ?? null, body: String(reply.code(status).serialize(body)) }
}

function send(reply: FastifyReply, { status, location, body }: Answer): FastifyReply {
  if (location !== null) reply.header('location', location)
  return reply.code(status).type('application/json; charset=utf-8').send(body)
}
