import type Stripe from 'stripe'
import type { DeliveryPlan } from './deliveries.ts'

/**
 * One thing that goes wrong, for the requests that it fits: the `times` first ones (1 unless said, `null` for all), or of
 * those each `every`th.
 */
export interface Fault {
  kind:
    | 'latency'
    /** 429 before anything is looked at. */
    | 'rate_limit'
    /** 500 before anything happened; no key remembers it. */
    | 'error_before'
    /** It happened, but the answer is 500, and its key says so from now on: Stripe repeats a 500 too. */
    | 'error_after'
    /** It happened and is remembered, but this one answer is 500: the next with the key gets the true one. */
    | 'error_after_forgotten'
    | 'reset_before'
    | 'reset_after'
    | 'half_body'
    | 'wrong_json'
  method?: 'GET' | 'POST' | 'DELETE'
  /** A regular expression for the path: `^/v1/refunds$`. */
  path?: string
  times?: number | null
  every?: number
  /** How long the request takes, its key being in use meanwhile. */
  latencyMs?: number
  retryAfterSeconds?: number
}

/** What happens to notices of a type, on the same terms. */
export interface NoticeFault {
  plan: DeliveryPlan
  /** A regular expression for the event's type: `^refund\.`. */
  type?: string
  times?: number | null
  every?: number
}

export interface FaultScript {
  faults?: Fault[]
  notices?: NoticeFault[]
}

type Counted<T> = { rule: T; left: number; seen: number }

export interface FaultQueue {
  add(script: FaultScript): void
  clear(): void
  /** The first fault that fits and is not used up. */
  takeFault(method: string, path: string): Fault | undefined
  planOf(event: Stripe.Event): DeliveryPlan
  /** What is still to come. */
  left(): { faults: Fault[]; notices: NoticeFault[] }
}

export function makeFaultQueue(): FaultQueue {
  let faults: Counted<Fault>[] = []
  let notices: Counted<NoticeFault>[] = []
  return {
    add: (script) => {
      faults.push(...(script.faults ?? []).map(counted))
      notices.push(...(script.notices ?? []).map(counted))
    },
    clear: () => {
      faults = []
      notices = []
    },
    takeFault: (method, path) =>
      take(faults, (fault) => (fault.method ?? method) === method && new RegExp(fault.path ?? '').test(path)),
    planOf: ({ type }) => take(notices, (notice) => new RegExp(notice.type ?? '').test(type))?.plan ?? 'deliver',
    left: () => ({ faults: unused(faults), notices: unused(notices) }),
  }
}

function counted<T extends { times?: number | null }>(rule: T): Counted<T> {
  return { rule, left: rule.times === null ? Number.POSITIVE_INFINITY : (rule.times ?? 1), seen: 0 }
}

function take<T extends { every?: number }>(queue: Counted<T>[], fits: (rule: T) => boolean): T | undefined {
  for (const entry of queue) {
    if (entry.left === 0 || !fits(entry.rule)) continue
    entry.seen += 1
    if (entry.seen % (entry.rule.every ?? 1) !== 0) continue
    entry.left -= 1
    return entry.rule
  }
  return undefined
}

function unused<T>(queue: Counted<T>[]): T[] {
  return queue.filter(({ left }) => left > 0).map(({ rule }) => rule)
}
