import { createHash, randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import type { RefundFate } from './cards.ts'
import { type Journal, makeShelf, type Shelf } from './shelf.ts'

export interface SessionRecord {
  id: string
  session: Stripe.Checkout.Session
  lineItems: Stripe.LineItem[]
  /** The intent of the first try; the session itself shows it only when it is complete. */
  intentId: string | null
  intentPlan: IntentPlan
}

export interface IntentPlan {
  captureMethod: 'automatic' | 'automatic_async' | 'manual'
  metadata: Record<string, string>
  description: string | null
  receiptEmail: string | null
}

export interface IntentRecord {
  id: string
  intent: Stripe.PaymentIntent
  sessionId: string | null
  /** The number that pays, once there is one. */
  cardNumber: string | null
}

export interface ChargeRecord {
  id: string
  charge: Stripe.Charge
  cardNumber: string
}

export interface RefundRecord {
  id: string
  refund: Stripe.Refund
}

export interface DisputeRecord {
  id: string
  dispute: Stripe.Dispute
  /** Whether the money is with the buyer's bank now. */
  withdrawn: boolean
}

export interface EndpointRecord {
  id: string
  endpoint: Stripe.WebhookEndpoint
  secret: string
}

/** What was answered under an idempotency key, and to what. */
export interface Answer {
  id: string
  question: string
  state: 'running' | 'done'
  status: number
  body: string
  requestId: string
  at: number
}

/** Something that happens by itself at `at`. */
export interface Task {
  id: string
  at: number
  kind: 'expire_session' | 'settle_payment' | 'open_dispute' | 'decide_refund'
  subjectId: string
  outcome: 'succeeded' | 'failed' | 'fraudulent' | 'product_not_received' | null
}

/** What all accounts share. */
export interface Surroundings {
  /** Unix seconds. */
  now(): number
  /** Where the pay page is. */
  origin(): string
  journal: Journal
  /** The fates of the next refunds; without one the card decides. */
  refundFates: RefundFate[]
  /** How long what happens later takes. */
  laterSeconds: number
  deliver(bank: Bank, event: Stripe.Event): void
}

/** One Stripe account: all that belongs to one secret key. */
export interface Bank {
  account: string
  sessions: Shelf<SessionRecord>
  intents: Shelf<IntentRecord>
  charges: Shelf<ChargeRecord>
  refunds: Shelf<RefundRecord>
  disputes: Shelf<DisputeRecord>
  events: Shelf<Stripe.Event & { id: string }>
  endpoints: Shelf<EndpointRecord>
  answers: Shelf<Answer>
  tasks: Shelf<Task>
  /** Nothing is due before: every request asks, and must not look through all tasks. */
  nextTaskAt: number
  surroundings: Surroundings
  /** The request that is being answered: its events name it. */
  cause: Stripe.Event.Request
}

export const nobody: Stripe.Event.Request = { id: null, idempotency_key: null }

/** The account behind a key: the same key is always the same account. */
export function accountOf(secretKey: string): string {
  return `acct_${createHash('sha256').update(secretKey).digest('hex').slice(0, 16)}`
}

export function openBank(account: string, surroundings: Surroundings): Bank {
  const shelf = <T extends { id: string }>(name: string) => makeShelf<T>(account, name, surroundings.journal)
  return {
    account,
    surroundings,
    cause: nobody,
    nextTaskAt: 0,
    ...{ sessions: shelf('sessions'), intents: shelf('intents'), charges: shelf('charges') },
    ...{ refunds: shelf('refunds'), disputes: shelf('disputes'), events: shelf('events') },
    ...{ endpoints: shelf('endpoints'), answers: shelf('answers'), tasks: shelf('tasks') },
  }
}

/** `newId('pi')` is `pi_` and 24 digits and letters. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`
}

/** Writes down what will happen by itself `seconds` from now. */
export function schedule(bank: Bank, seconds: number, task: Omit<Task, 'id' | 'at'>): void {
  const { at } = bank.tasks.put({ ...task, id: newId('task'), at: bank.surroundings.now() + seconds })
  bank.nextTaskAt = Math.min(bank.nextTaskAt, at)
}
