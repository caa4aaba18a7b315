import type { Db } from '../platform/database.ts'
import type { ChargeRequest } from './provider.ts'

export type PaymentStatus = 'started' | 'pending' | 'succeeded' | 'declined' | 'returning' | 'returned'

export interface PaymentRow {
  id: number
  provider: string
  idempotencyKey: string
  amountMinor: bigint
  currency: string
  status: PaymentStatus
  /** What refunds go by, once the money came. */
  reference: string | null
  checkoutPublicId: string | null
  /** What the provider was asked for, to ask for the very same again. */
  request: StoredRequest | null
  /** Where the buyer pays. */
  sessionReference: string | null
  returnReason: string | null
}

export type StoredRequest = Pick<ChargeRequest, 'options' | 'purchase'>

export interface NewPayment {
  provider: string
  idempotencyKey: string
  amountMinor: bigint
  currency: string
  checkoutPublicId: string
  request: StoredRequest
  createdAt: Date
}

const columns = (db: Db) => db`
  id, provider, idempotency_key, amount_minor, currency, status, reference, checkout_public_id, request,
  session_reference, return_reason`

/** Writes the payment down before the provider is asked; under a key that is known, answers the one that has it. */
export async function insertPayment(db: Db, accountId: number, payment: NewPayment): Promise<PaymentRow> {
  const { request, ...fields } = payment
  const stored = db.json(JSON.parse(JSON.stringify(request)))
  const [row] = await db<[PaymentRow]>`
    insert into payments ${db({ accountId, ...fields, request: stored, status: 'started' })}
    on conflict (account_id, idempotency_key) do update set idempotency_key = excluded.idempotency_key
    returning ${columns(db)}`
  return row
}

export async function findPayment(db: Db, accountId: number, id: number): Promise<PaymentRow | undefined> {
  const [row] = await db<PaymentRow[]>`
    select ${columns(db)} from payments where account_id = ${accountId} and id = ${id}`
  return row
}

/** The checkout's payments that may still bring money or must go back. */
export async function listOpenPaymentsOf(db: Db, accountId: number, checkoutPublicId: string): Promise<PaymentRow[]> {
  return db<PaymentRow[]>`
    select ${columns(db)} from payments
    where account_id = ${accountId} and checkout_public_id = ${checkoutPublicId}
      and status in ('started', 'pending', 'returning')
    order by id`
}

/**
 * Payments of all accounts that were begun before `before` and have not ended; the longest unasked first. Where
 * money does not find its way back, the pauses grow with the time for which it has been tried, up to a day.
 */
export async function listOpenPayments(
  db: Db,
  before: Date,
): Promise<{ accountId: number; id: number; checkoutPublicId: string }[]> {
  return db<{ accountId: number; id: number; checkoutPublicId: string }[]>`
    select account_id, id, checkout_public_id from payments
    where status in ('started', 'pending', 'returning') and checkout_public_id is not null and created_at < ${before}
      and (checked_at is null
           or checked_at + case when status = 'returning' then least((checked_at - created_at) / 4, interval '1 day')
                                else interval '0' end < ${before})
    order by checked_at nulls first, account_id, id limit 500`
}

export async function updatePaymentChecked(db: Db, accountId: number, id: number, at: Date): Promise<void> {
  await db`update payments set checked_at = ${at} where account_id = ${accountId} and id = ${id}`
}

/** Where the buyer pays; the first word stands. */
export async function updatePaymentSession(db: Db, accountId: number, id: number, session: string): Promise<void> {
  await db`
    update payments set session_reference = coalesce(session_reference, ${session})
    where account_id = ${accountId} and id = ${id}`
}

/** False where the payment is no longer in one of the states `from`: what came late changes nothing. */
export async function updatePayment(
  db: Db,
  accountId: number,
  id: number,
  to: { status: PaymentStatus; from: PaymentStatus[]; reference?: string; returnReason?: string },
): Promise<boolean> {
  const rows = await db`
    update payments
    set status = ${to.status}, reference = coalesce(${to.reference ?? null}, reference),
        return_reason = coalesce(${to.returnReason ?? null}, return_reason)
    where account_id = ${accountId} and id = ${id} and status = any (${to.from}::text[])
    returning id`
  return rows.length === 1
}

/** What an account's keys are kept as; null where it has none. */
export async function findSealedKeys(
  db: Db,
  accountId: number,
): Promise<{ stripeSecretKey: Buffer | null; stripeWebhookSecret: Buffer | null }> {
  const [row] = await db<[{ stripeSecretKey: Buffer | null; stripeWebhookSecret: Buffer | null }]>`
    select stripe_secret_key, stripe_webhook_secret from accounts where id = ${accountId}`
  return row
}
