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

interface Subscription {
  url: string
  secret: string
  types: string[]
}

export type NoticePlanner = (event: Stripe.Event, url: string) => DeliveryPlan | undefined

/** All accounts, and what is scripted for them. */
export interface World {
  surroundings: Surroundings
  faults: FaultQueue
  post: PostOffice
  requests: LoggedRequest[]
  bankOf(account: string): Bank
  banks(): Bank[]
  findSession(id: string): { bank: Bank; record: SessionRecord } | undefined
  /** Every account, also one that comes later, tells this address its news. */
  subscribe(subscription: Subscription): void
  planNotices(planner: NoticePlanner | undefined): void
  /** Puts the clock ahead and does what is due by then. */
  advance(seconds: number): void
  /** Forgets everything but the subscriptions and the time. */
  reset(): void
}

const defaultRetryDelaysMs = [50, 100, 250, 500, 1000, 2000, 4000]

export function makeWorld(options: FakeStripeOptions, origin: () => string): World {
  const banks = new Map<string, Bank>()
  const subscriptions: Subscription[] = []
  const requests: LoggedRequest[] = []
  const clock = options.clock ?? (() => new Date())
  let aheadSeconds = 0
  let planner: NoticePlanner | undefined
  const now = () => Math.floor(clock().getTime() / 1000) + aheadSeconds
  const faults = makeFaultQueue()
  const post = openPostOffice({
    ...{ now, atOnce: options.noticesAtOnce ?? 1, retryDelaysMs: options.retryDelaysMs ?? defaultRetryDelaysMs },
    planOf: (event, url) => planner?.(event, url) ?? faults.planOf(event),
  })
  const surroundings: Surroundings = {
    ...{ now, origin, journal: openJournal(options.statePath), refundFates: [] },
    laterSeconds: options.laterSeconds ?? 2,
    deliver: (bank, event) => send(post, bank, event),
  }

  function bankOf(account: string): Bank {
    const known = banks.get(account)
    if (known) return known
    const bank = openBank(account, surroundings)
    banks.set(account, bank)
    for (const { url, secret, types } of subscriptions) registerEndpoint(bank, url, secret, types)
    return bank
  }

  restore(options.statePath, bankOf)
  return {
    ...{ surroundings, faults, post, requests, bankOf },
    banks: () => [...banks.values()],
    findSession: (id) => {
      for (const bank of banks.values()) {
        const record = bank.sessions.get(id)
        if (record) return { bank, record }
      }
      return undefined
    },
    subscribe: (subscription) => {
      subscriptions.push(subscription)
      for (const bank of banks.values())
        registerEndpoint(bank, subscription.url, subscription.secret, subscription.types)
    },
    planNotices: (next) => {
      planner = next
    },
    advance: (seconds) => {
      aheadSeconds += seconds
      for (const bank of banks.values()) doWhatIsDue(bank)
    },
    reset: () => {
      banks.clear()
      faults.clear()
      forgetParcels(post)
      requests.length = 0
      surroundings.refundFates.length = 0
      if (options.statePath !== undefined) writeFileSync(options.statePath, '')
    },
  }
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
