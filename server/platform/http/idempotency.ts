import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Db, isLockTimeout, type Pool, type Tx, transaction } from '../database.ts'
import { conflict, invalid, Refusal } from '../refusal.ts'

const keptMs = 7 * 86_400_000

/** What a creating POST answers. */
export interface Created {
  status: 200 | 201 | 202
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

export interface Steps {
  /** Does what must be done once, in one transaction with the key. Resolves to the id of what it began, if anything. */
  begin: (tx: Tx) => Promise<number | undefined>
  /** Goes on from there, as often as it is called. */
  finish: (effectId: number | undefined) => Promise<Created>
}

/** As `answerOnce`, for what can't be one transaction: a repetition finds what was begun, and finishes it. */
export async function answerOnceInSteps(
  request: FastifyRequest,
  reply: FastifyReply,
  db: Pool,
  asker: Asker,
  steps: Steps,
): Promise<FastifyReply> {
  const key = keyOf(request)
  if (key === undefined) {
    return send(reply, serialized(reply, await steps.finish(await transaction(db, steps.begin))))
  }
  const entry = { ...asker, key, method: request.method, path: pathOf(request), inputHash: hashInput(request, asker) }
  const kept = await transaction(db, (tx) => beginOrRecall(tx, entry, steps.begin))
  if (kept.status !== null) return send(reply, kept)
  const answer = serialized(reply, await steps.finish(kept.effectId ?? undefined))
  await updateAnswer(db, entry, answer)
  return send(reply, await recall(db, entry))
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
  status: number | null
  location: string | null
  body: string | null
}

type Kept = Answer & { effectId: number | null }

async function actOrRecall(tx: Tx, entry: Entry, act: () => Promise<Answer>): Promise<Answer> {
  if (!(await insertKey(tx, entry))) return recall(tx, entry)
  const answer = await act()
  await updateAnswer(tx, entry, answer)
  return answer
}

async function beginOrRecall(tx: Tx, entry: Entry, begin: Steps['begin']): Promise<Kept> {
  if (!(await insertKey(tx, entry))) return recall(tx, entry)
  const effectId = (await begin(tx)) ?? null
  await tx`update idempotency_keys set effect_id = ${effectId} where ${which(tx, entry)}`
  return { status: null, location: null, body: null, effectId }
}

const which = (db: Db, { accountId, method, path, key }: Entry) =>
  db`account_id = ${accountId} and method = ${method} and path = ${path} and key = ${key}`

/** Waits for a twin that is still running: if it succeeds, the key is there (false); if it fails, this one goes ahead. */
async function insertKey(tx: Tx, entry: Entry): Promise<boolean> {
  const { accountId, method, path, key, inputHash, now } = entry
  await tx`set local lock_timeout = '5s'`
  await tx`
    delete from idempotency_keys where ${which(tx, entry)} and created_at < ${new Date(now.getTime() - keptMs)}`
  const inserted = await tx`
    insert into idempotency_keys ${tx({ accountId, method, path, key, inputHash, createdAt: now })}
    on conflict do nothing returning 1 as mine`
  await tx`set local lock_timeout = 0`
  return inserted.length === 1
}

/** The first answer stands. */
async function updateAnswer(db: Db, entry: Entry, { status, location, body }: Answer): Promise<void> {
  await db`
    update idempotency_keys set status = ${status}, location = ${location}, body = ${body}
    where ${which(db, entry)} and status is null`
}

async function recall(db: Db, entry: Entry): Promise<Kept> {
  const [kept] = await db<[Kept & { inputHash: Buffer }]>`
    select input_hash, status, location, body, effect_id from idempotency_keys where ${which(db, entry)}`
  if (!entry.inputHash.equals(kept.inputHash)) throw conflict('This Idempotency-Key was used with another input')
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
  return reply
    .code(status ?? 200)
    .type('application/json; charset=utf-8')
    .send(body)
}
