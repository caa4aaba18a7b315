import type { Db } from '../platform/database.ts'
import type { StripeNotice } from './stripe-notices.ts'

export interface NoticeRow {
  id: number
  /** null: it came under the installation's keys. */
  accountId: number | null
  subject: string
}

/**
 * Writes the notices down before anything is done for them. Resolves to those that are not done: all that are new, and
 * those that came before and failed. News for nobody is done at once.
 */
export async function insertNotices(
  db: Db,
  accountId: number | null,
  notices: StripeNotice[],
  at: Date,
): Promise<{ isNew: boolean; open: NoticeRow[] }> {
  if (notices.length === 0) return { isNew: false, open: [] }
  const rows = notices.map(({ eventId, subject }) => ({
    ...{ account: accountId, event: eventId, subject, receivedAt: at },
    processedAt: subject === '' ? at : null,
  }))
  const inserted = await db`
    insert into stripe_events ${db(rows)} on conflict (account, event) do nothing returning id`
  const open = await db<NoticeRow[]>`
    select id, account as account_id, subject from stripe_events
    where account is not distinct from ${accountId} and event = any (${notices.map((one) => one.eventId)}::text[])
      and processed_at is null
    order by id`
  return { isNew: inserted.length > 0, open }
}

/** What is still to be done, oldest first. */
export async function listOpenNotices(db: Db): Promise<NoticeRow[]> {
  return db<NoticeRow[]>`
    select id, account as account_id, subject from stripe_events where processed_at is null order by id limit 500`
}

export async function updateNoticeProcessed(db: Db, id: number, at: Date): Promise<void> {
  await db`update stripe_events set processed_at = coalesce(processed_at, ${at}) where id = ${id}`
}

export interface NamedPayment {
  accountId: number
  id: number
}

/** By its session or, once it is paid, by its reference; with an account, only that one's. */
export async function findStripePayment(
  db: Db,
  accountId: number | null,
  reference: string,
): Promise<NamedPayment | undefined> {
  const [row] = await db<NamedPayment[]>`
    select account_id, id from payments
    where provider = 'stripe' and (session_reference = ${reference} or reference = ${reference})
      and (${accountId}::integer is null or account_id = ${accountId}::integer)
    order by id limit 1`
  return row
}

/** The accounts that have a Stripe key of their own. */
export async function listAccountsWithKeys(db: Db): Promise<{ id: number; subdomain: string }[]> {
  return db<{ id: number; subdomain: string }[]>`
    select id, subdomain from accounts where stripe_secret_key is not null order by id`
}
