import type { Db } from '../platform/database.ts'

export interface RefundRow {
  id: number
  orderId: number
  amountMinor: bigint
  status: 'pending' | 'succeeded' | 'failed'
  /** Of the order: what the provider knows it by. */
  paymentProvider: string
  paymentReference: string | null
  orderPublicId: string
  /** What the provider knows the refund by, once it has said so. */
  providerReference: string | null
}

/** Locks the order: one refund, cancellation or archival at a time. */
export async function lockOrder(db: Db, accountId: number, orderId: number): Promise<void> {
  await db`select from orders where account_id = ${accountId} and id = ${orderId} for no key update`
}

/** Writes down that this much shall go back; the order shows it as pending (see migration 0010). */
export async function insertRefund(
  db: Db,
  accountId: number,
  orderId: number,
  amountMinor: bigint,
  at: Date,
): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into refunds (account_id, order_id, amount_minor, status, created_at)
    values (${accountId}, ${orderId}, ${amountMinor}, 'pending', ${at}) returning id`
  return row.id
}

export async function findRefund(db: Db, accountId: number, id: number): Promise<RefundRow | undefined> {
  const [row] = await db<RefundRow[]>`
    select ${refundColumns(db)}
    from refunds r join orders o on o.account_id = r.account_id and o.id = r.order_id
    where r.account_id = ${accountId} and r.id = ${id}`
  return row
}

const refundColumns = (db: Db) => db`
  r.id, r.order_id, r.amount_minor, r.status, r.provider_reference, o.payment_provider, o.payment_reference,
  o.public_id as order_public_id`

export async function listRefundsOf(db: Db, accountId: number, orderId: number): Promise<RefundRow[]> {
  return db<RefundRow[]>`
    select ${refundColumns(db)}
    from refunds r join orders o on o.account_id = r.account_id and o.id = r.order_id
    where r.account_id = ${accountId} and r.order_id = ${orderId} order by r.id`
}

/** Writes down what began at the provider's side. */
export async function insertKnownRefund(
  db: Db,
  accountId: number,
  orderId: number,
  refund: { amountMinor: bigint; status: 'pending' | 'succeeded'; reference: string },
  at: Date,
): Promise<void> {
  await db`
    insert into refunds (account_id, order_id, amount_minor, status, provider_reference, created_at, refunded_at)
    values (${accountId}, ${orderId}, ${refund.amountMinor}, ${refund.status}, ${refund.reference}, ${at},
            ${refund.status === 'succeeded' ? at : null})`
}

/** The order that this payment has paid. */
export async function findOrderOfPayment(
  db: Db,
  accountId: number,
  paymentId: number,
): Promise<{ id: number; publicId: string } | undefined> {
  const [row] = await db<{ id: number; publicId: string }[]>`
    select id, public_id from orders where account_id = ${accountId} and payment_id = ${paymentId}`
  return row
}

/**
 * Notes how the refund stands. It only ever goes on: from pending, and from succeeded to failed, as a card's bank can
 * send money back. False where it is no news.
 */
export async function updateRefund(
  db: Db,
  accountId: number,
  id: number,
  outcome: { status: RefundRow['status']; reference: string },
  at: Date,
): Promise<boolean> {
  const rows = await db`
    update refunds
    set status = ${outcome.status}, provider_reference = coalesce(provider_reference, nullif(${outcome.reference}, '')),
        refunded_at = case when ${outcome.status} = 'succeeded' then ${at}::timestamptz end
    where account_id = ${accountId} and id = ${id}
      and (status = 'pending' or (status = 'succeeded' and ${outcome.status} = 'failed'))
    returning id`
  return rows.length === 1
}

/** Refunds that were asked for before `before` and have not ended: of a process that died, or a slow provider. */
export async function listPendingRefunds(
  db: Db,
  before: Date,
): Promise<{ accountId: number; currency: string; id: number }[]> {
  return db<{ accountId: number; currency: string; id: number }[]>`
    select r.account_id, a.currency, r.id from refunds r join accounts a on a.id = r.account_id
    where r.status = 'pending' and r.created_at < ${before} order by r.account_id, r.id limit 1000`
}

export async function updateOrderCancelled(db: Db, accountId: number, orderId: number, at: Date): Promise<void> {
  await db`update orders set cancelled_at = ${at} where account_id = ${accountId} and id = ${orderId}`
}

/** Ends the order's admissions; their places are free again (see migration 0006). */
export async function updateTicketsCancelled(db: Db, accountId: number, orderId: number, at: Date): Promise<void> {
  await db`
    update tickets set cancelled_at = ${at}
    where account_id = ${accountId} and order_id = ${orderId} and cancelled_at is null`
}
