import { writeFileSync } from 'node:fs'
import type Stripe from 'stripe'
import { type Answer, type Bank, openBank, type SessionRecord, type Surroundings } from './bank.ts'
import { type DeliveryPlan, forgetParcels, openPostOffice, type PostOffice, send } from './deliveries.ts'
import { type FaultQueue, makeFaultQueue } from './faults.ts'
import { openJournal, readJournal, type Shelf } from './shelf.ts'
import { doWhatIsDue } from './tasks.ts'
import { registerEndpoint } from './webhook-endpoints.ts'

export interface FakeStripeOptions {
  /** 0, as if not given: a free one. */
  port?: number
  /** Signs notices to endpoints that were named without a secret of their own. */
  webhookSecret?: string
  /** Handed over, nothing happens by itself: only requests and `advance` look at the time. */
  clock?: () => Date
  /** A file that keeps everything, so that a bank that was killed opens again with the same books. */
  statePath?: string
  /** The pauses before a notice is sent again; after the last one it is given up. */
  retryDelaysMs?: number[]
  /** How many notices are under way at once; with 1, as if not given, they arrive in order. */
  noticesAtOnce?: number
  /** How long what happens later takes: refunds and payments that are pending, disputes. */
  laterSeconds?: number
}

/** One request to the API, and what was answered; status 0: nothing. */
export interface LoggedRequest {
  method: string
  path: string
  idempotencyKey: string | null
  status: number
  replayed: boolean
  fault: string | null
}

export interface Subscription {
  url: string
  secret: string
  types: string[]
}

export type NoticePlanner = (event: Stripe.Event, url: string) => DeliveryPlan | undefined

/** All accounts, and what is scripted for them. */
export interface World {
  banks: Map<string, Bank>
  surroundings: Surroundings
  subscriptions: Subscription[]
  faults: FaultQueue
  /** Decides for a notice before the script does. */
  planner: NoticePlanner | undefined
  post: PostOffice
  requests: LoggedRequest[]
  aheadSeconds: number
  statePath: string | undefined
}

const defaultRetryDelaysMs = [50, 100, 250, 500, 1000, 2000, 4000]

export function makeWorld(options: FakeStripeOptions, origin: () => string): World {
  const clock = options.clock ?? (() => new Date())
  const now = () => Math.floor(clock().getTime() / 1000) + world.aheadSeconds
  const faults = makeFaultQueue()
  const post = openPostOffice({
    ...{ now, atOnce: options.noticesAtOnce ?? 1, retryDelaysMs: options.retryDelaysMs ?? defaultRetryDelaysMs },
    planOf: (event, url) => world.planner?.(event, url) ?? faults.planOf(event),
  })
  const surroundings: Surroundings = {
    ...{ now, origin, journal: openJournal(options.statePath), refundFates: [] },
    laterSeconds: options.laterSeconds ?? 2,
    deliver: (bank, event) => send(post, bank, event),
  }
  const world: World = {
    ...{ surroundings, faults, post, planner: undefined, aheadSeconds: 0, statePath: options.statePath },
    ...{ banks: new Map(), subscriptions: [], requests: [] },
  }
  restore(options.statePath, (account) => bankOf(world, account))
  return world
}

/** The account, which is new at its first request. */
export function bankOf(world: World, account: string): Bank {
  const known = world.banks.get(account)
  if (known) return known
  const bank = openBank(account, world.surroundings)
  world.banks.set(account, bank)
  for (const { url, secret, types } of world.subscriptions) registerEndpoint(bank, url, secret, types)
  return bank
}

export function findSession(world: World, id: string): { bank: Bank; record: SessionRecord } | undefined {
  for (const bank of world.banks.values()) {
    const record = bank.sessions.get(id)
    if (record) return { bank, record }
  }
  return undefined
}

/** Every account, also one that comes later, tells this address its news. */
export function subscribe(world: World, subscription: Subscription): void {
  world.subscriptions.push(subscription)
  const { url, secret, types } = subscription
  for (const bank of world.banks.values()) registerEndpoint(bank, url, secret, types)
}

/** Puts the clock ahead and does what is due by then. */
export function advance(world: World, seconds: number): void {
  world.aheadSeconds += seconds
  for (const bank of world.banks.values()) doWhatIsDue(bank)
}

/** Forgets everything but the subscriptions and the time. */
export function reset(world: World): void {
  world.banks.clear()
  world.faults.clear()
  forgetParcels(world.post)
  world.requests.length = 0
  world.surroundings.refundFates.length = 0
  if (world.statePath !== undefined) writeFileSync(world.statePath, '')
}

/** Reads the journal back. What was under way to an endpoint or to a client when the process died is forgotten. */
function restore(statePath: string | undefined, bankOf: (account: string) => Bank): void {
  const unanswered = new Map<string, Shelf<Answer>>()
  for (const line of readJournal(statePath)) {
    const shelves: Record<string, Pick<Shelf<{ id: string }>, 'restore'>> = shelvesOf(bankOf(line.account))
    shelves[line.shelf]?.restore(line)
    const { answers } = bankOf(line.account)
    if (answers.get(line.record.id)?.state === 'running') unanswered.set(line.record.id, answers)
  }
  for (const [key, answers] of unanswered) if (answers.get(key)?.state === 'running') answers.remove(key)
}

function shelvesOf({ sessions, intents, charges, refunds, disputes, events, endpoints, answers, tasks }: Bank) {
  return { sessions, intents, charges, refunds, disputes, events, endpoints, answers, tasks }
}
