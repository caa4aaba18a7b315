import type { Db } from '../platform/database.ts'

export interface PromoCodeFields {
  code: string
  discountType: 'percentage' | 'fixed'
  /** Of a percentage, "12.50". */
  percent: string | null
  /** Of a fixed discount. */
  amountMinor: bigint | null
  /** null: for every event. */
  eventId: number | null
  expiresAt: string | Date | null
  usageLimit: number | null
  maxPerCustomer: number | null
  active: boolean
}

export interface PromoCodeRow extends PromoCodeFields {
  id: number
  expiresAt: string | null
  eventTitle: string | null
  eventSlug: string | null
  /** Orders that stand; kept by the database (see migration 0013). */
  redemptionsCount: number
  createdAt: string
  updatedAt: string
}

const columns = (db: Db) => db`
  p.id, p.code, p.discount_type, p.percent, p.amount_minor, p.event_id, e.title as event_title, e.slug as event_slug,
  p.expires_at, p.usage_limit, p.max_per_customer, p.redemptions_count, p.active, p.created_at, p.updated_at`

/** Newest first; deleted ones are gone. */
export async function listPromoCodes(db: Db, accountId: number): Promise<PromoCodeRow[]> {
  return db<PromoCodeRow[]>`
    select ${columns(db)} from promo_codes p left join events e on e.account_id = p.account_id and e.id = p.event_id
    where p.account_id = ${accountId} and p.deleted_at is null order by p.created_at desc, p.id desc`
}

export async function findPromoCode(db: Db, accountId: number, id: number): Promise<PromoCodeRow | undefined> {
  const [row] = await db<PromoCodeRow[]>`
    select ${columns(db)} from promo_codes p left join events e on e.account_id = p.account_id and e.id = p.event_id
    where p.account_id = ${accountId} and p.id = ${id} and p.deleted_at is null`
  return row
}

/** The one of that spelling, as it is stored. */
export async function findPromoCodeId(db: Db, accountId: number, code: string): Promise<number | undefined> {
  const [row] = await db<{ id: number }[]>`
    select id from promo_codes where account_id = ${accountId} and code = ${code} and deleted_at is null`
  return row?.id
}

/** The time zone of the event's venue; undefined where there is no such event. */
export async function findEventZone(db: Db, accountId: number, eventId: number): Promise<string | undefined> {
  const [row] = await db<{ timeZone: string }[]>`
    select v.time_zone from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
    where e.account_id = ${accountId} and e.id = ${eventId}`
  return row?.timeZone
}

/** Whoever wants to use or change the code waits; what is read afterwards is so until the transaction ends. */
export async function lockPromoCode(db: Db, accountId: number, id: number): Promise<void> {
  await db`select from promo_codes where account_id = ${accountId} and id = ${id} for no key update`
}

export async function insertPromoCode(db: Db, accountId: number, fields: PromoCodeFields, now: Date): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into promo_codes ${db({ accountId, ...fields, createdAt: now, updatedAt: now })} returning id`
  return row.id
}

export async function updatePromoCode(
  db: Db,
  accountId: number,
  id: number,
  fields: PromoCodeFields,
  now: Date,
): Promise<void> {
  await db`
    update promo_codes set ${db({ ...fields, updatedAt: now })} where account_id = ${accountId} and id = ${id}`
}

/** False where there is none. Its orders keep it; its spelling is free again. */
export async function updatePromoCodeDeleted(db: Db, accountId: number, id: number, at: Date): Promise<boolean> {
  const rows = await db`
    update promo_codes set deleted_at = ${at} where account_id = ${accountId} and id = ${id} and deleted_at is null returning id`
  return rows.length === 1
}

/** What limits the code, deleted or not. */
export async function findLimits(
  db: Db,
  accountId: number,
  id: number,
): Promise<Pick<PromoCodeRow, 'usageLimit' | 'maxPerCustomer'>> {
  const [row] = await db<[Pick<PromoCodeRow, 'usageLimit' | 'maxPerCustomer'>]>`
    select usage_limit, max_per_customer from promo_codes where account_id = ${accountId} and id = ${id}`
  return row
}

/** Uses that are taken: by orders that stand, and by pending checkouts whose places are held; `but` is left out. */
export async function countUses(
  db: Db,
  accountId: number,
  id: number,
  now: Date,
  but: number | undefined,
): Promise<number> {
  const [row] = await db<[{ uses: number }]>`
    select redemptions_count + (
      select count(*)::integer from checkouts c
      where c.account_id = ${accountId} and c.promo_code_id = ${id} and c.status = 'pending' and c.expires_at > ${now}
        and c.id is distinct from ${but ?? null}
    ) as uses
    from promo_codes where account_id = ${accountId} and id = ${id}`
  return row.uses
}

/** Orders of that customer that used the code and stand. */
export async function countUsesOf(db: Db, accountId: number, id: number, email: string): Promise<number> {
  const [row] = await db<[{ uses: number }]>`
    select count(*)::integer as uses
    from customers c
    join orders o on o.account_id = c.account_id and o.customer_id = c.id
    where c.account_id = ${accountId} and c.email = ${email} and o.promo_code_id = ${id}
      and order_stands(o.total_minor, o.refunded_minor, o.cancelled_at)`
  return row.uses
}
