import type { Db } from '../platform/database.ts'
import type { Locale } from '../platform/formats.ts'
import type { MailKind } from './mail.ts'

export interface MailRow {
  accountId: number
  id: number
  publicId: string
  kind: MailKind
  recipient: string
  locale: Locale
  orderId: number | null
  details: Record<string, string>
  status: 'waiting' | 'sent' | 'failed' | 'kept'
  problem: string | null
  createdAt: string
}

const columns = (db: Db) => db`
  account_id, id, public_id, kind, recipient, locale, order_id, details, status, problem, created_at`

export interface NewMail {
  publicId: string
  kind: MailKind
  details: Record<string, string>
  createdAt: Date
}

export async function insertMail(
  db: Db,
  accountId: number,
  mail: NewMail & { recipient: string; locale: Locale },
): Promise<number> {
  const { details, ...fields } = mail
  const [row] = await db<[{ id: number }]>`
    insert into mails ${db({ accountId, ...fields, details: db.json(details) })} returning id`
  return row.id
}

/** To the order's buyer, in the language they bought in; where they bought elsewhere, in the organiser's. */
export async function insertOrderMail(db: Db, accountId: number, orderId: number, mail: NewMail): Promise<number> {
  const { publicId, kind, details, createdAt } = mail
  const [row] = await db<[{ id: number }]>`
    insert into mails (account_id, public_id, kind, recipient, locale, order_id, details, created_at)
    select o.account_id, ${publicId}, ${kind}, o.customer_email, coalesce(c.locale, a.locale), o.id, ${db.json(details)},
           ${createdAt}::timestamptz
    from orders o
    join accounts a on a.id = o.account_id
    left join checkouts c on c.account_id = o.account_id and c.order_id = o.id
    where o.account_id = ${accountId} and o.id = ${orderId}
    returning id`
  return row.id
}

export async function findMail(db: Db, accountId: number, id: number): Promise<MailRow | undefined> {
  const [row] = await db<MailRow[]>`select ${columns(db)} from mails where account_id = ${accountId} and id = ${id}`
  return row
}

export async function findMailByPublicId(db: Db, publicId: string): Promise<MailRow | undefined> {
  const [row] = await db<MailRow[]>`select ${columns(db)} from mails where public_id = ${publicId}`
  return row
}

/** Of all accounts, the newest first. */
export async function listLatestMails(db: Db, limit: number): Promise<MailRow[]> {
  return db<MailRow[]>`select ${columns(db)} from mails order by id desc limit ${limit}`
}

/** What waits no longer never waits again: false where it had ended already. */
export async function updateMailEnded(
  db: Db,
  accountId: number,
  id: number,
  end: { status: 'sent' | 'failed' | 'kept'; problem?: string; at: Date },
): Promise<boolean> {
  const rows = await db`
    update mails set status = ${end.status}, problem = ${end.problem ?? null}, ended_at = ${end.at}
    where account_id = ${accountId} and id = ${id} and status = 'waiting' returning id`
  return rows.length === 1
}

/** Mails of that kind about the order, since `since`. */
export async function countOrderMails(
  db: Db,
  accountId: number,
  orderId: number,
  kind: MailKind,
  since: Date,
): Promise<number> {
  const [row] = await db<[{ count: number }]>`
    select count(*)::integer as count from mails
    where account_id = ${accountId} and order_id = ${orderId} and kind = ${kind} and created_at > ${since}`
  return row.count
}

/** Mails of that kind to the address, since `since`. */
export async function countMailsTo(
  db: Db,
  accountId: number,
  recipient: string,
  kind: MailKind,
  since: Date,
): Promise<number> {
  const [row] = await db<[{ count: number }]>`
    select count(*)::integer as count from mails
    where account_id = ${accountId} and recipient = ${recipient} and kind = ${kind} and created_at > ${since}`
  return row.count
}

/** All that wait end as failed, with that problem. Resolves to how many there were. */
export async function updateWaitingFailed(db: Db, problem: string, at: Date): Promise<number> {
  const rows = await db`
    update mails set status = 'failed', problem = ${problem}, ended_at = greatest(created_at, ${at}::timestamptz)
    where status = 'waiting' returning id`
  return rows.length
}

const keptMs = 30 * 86_400_000

/**
 * Forgets mails that are about no order thirty days after they ended: they hold addresses of people who may have bought
 * nothing. What is about an order stays with it, and says nothing that the order does not.
 */
export async function deleteOldMails(db: Db, now: Date): Promise<void> {
  await db`delete from mails where order_id is null and ended_at < ${new Date(now.getTime() - keptMs)}`
}

export interface FailedMails {
  accountId: number
  count: number
}

/** How many mails have failed since `since`, in each account where there are any. */
export async function countFailedMails(db: Db, since: Date): Promise<FailedMails[]> {
  return db<FailedMails[]>`
    select account_id, count(*)::integer as count from mails
    where status = 'failed' and ended_at > ${since} group by account_id order by account_id`
}
