import type { Db } from '../platform/database.ts'

export interface PaymentRow {
  id: number
  provider: string
  idempotencyKey: string
  amountMinor: bigint
  status: 'started' | 'pending' | 'succeeded' | 'declined' | 'returned'
  reference: string | null
}

export interface NewPayment {
  provider: string
  idempotencyKey: string
  amountMinor: bigint
  currency: string
  createdAt: Date
}

/** Writes the payment down before the provider is asked; under a key that is known, answers the one that has it. */
export async function insertPayment(db: Db, accountId: number, payment: NewPayment): Promise<PaymentRow> {
  const [row] = await db<[PaymentRow]>`
    insert into payments ${db({ accountId, ...payment, status: 'started' })}
    on conflict (account_id, idempotency_key) do update set idempotency_key = excluded.idempotency_key
    returning id, provider, idempotency_key, amount_minor, status, reference`
  return row
}

/** The payment as it is now; its checkout is locked by the caller, so nobody else decides about it. */
export async function findPayment(db: Db, accountId: number, id: number): Promise<PaymentRow> {
  const [row] = await db<[PaymentRow]>`
    select id, provider, idempotency_key, amount_minor, status, reference from payments
    where account_id = ${accountId} and id = ${id}`
  return row
}

/** Writes down what became of the payment. What has succeeded or gone back is never again merely pending. */
export async function updatePayment(
  db: Db,
  accountId: number,
  id: number,
  status: PaymentRow['status'],
  reference: string | null,
): Promise<void> {
  await db`
    update payments set status = ${status}, reference = coalesce(${reference}, reference)
    where account_id = ${accountId} and id = ${id}
      and (${status} not in ('pending', 'declined') or status in ('started', 'pending'))`
}
