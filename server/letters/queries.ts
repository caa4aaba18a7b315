import type { Db } from '../platform/database.ts'
import type { Locale } from '../platform/formats.ts'

export interface ShopRow {
  accountName: string
  subdomain: string
  imprint: string | null
}

export async function findShop(db: Db, accountId: number): Promise<ShopRow> {
  const [row] = await db<[ShopRow]>`
    select name as account_name, subdomain, imprint from accounts where id = ${accountId}`
  return row
}

export interface BoughtRow {
  publicId: string
  orderCode: string
  eventTitle: string
  startsAt: string
  timeZone: string
}

/** The orders of that address which have tickets, the latest fifty. */
export async function listOrdersOf(db: Db, accountId: number, email: string): Promise<BoughtRow[]> {
  return db<BoughtRow[]>`
    select o.public_id, o.order_code, e.event_title, e.starts_at, e.time_zone
    from customers c
    join orders o on o.account_id = c.account_id and o.customer_id = c.id
    cross join lateral ( -- by id, not all of the account's
      select e.title as event_title, e.starts_at, v.time_zone
      from events e join venues v on v.account_id = e.account_id and v.id = e.venue_id
      where e.account_id = o.account_id and e.id = o.event_id limit 1
    ) e
    where c.account_id = ${accountId} and c.email = ${email}
      and exists (select from tickets t
                  where t.account_id = o.account_id and t.order_id = o.id and t.cancelled_at is null)
    order by o.paid_at desc, o.id desc limit 50`
}

/** The language in which that customer bought last; the account's where none is known. */
export async function findLocaleOf(db: Db, accountId: number, email: string): Promise<Locale> {
  const [row] = await db<[{ locale: Locale }]>`
    select coalesce((
             select k.locale from customers c
             join orders o on o.account_id = c.account_id and o.customer_id = c.id
             join checkouts k on k.account_id = o.account_id and k.order_id = o.id
             where c.account_id = a.id and c.email = ${email}
             order by o.paid_at desc, o.id desc limit 1), a.locale) as locale
    from accounts a where a.id = ${accountId}`
  return row.locale
}
