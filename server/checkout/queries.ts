import type { Db } from '../platform/database.ts'

/** What the buyer typed, the e-mail normalised; null where nothing was. */
export interface Buyer {
  email: string
  name: string | null
  company: string | null
  phone: string | null
  salutation: 'ms' | 'mr' | 'mx' | null
  title: string | null
}

export interface CheckoutRow {
  id: number
  publicId: string
  eventId: number
  eventSlug: string
  eventTitle: string
  status: 'pending' | 'paid' | 'abandoned'
  /** After the discount. */
  totalMinor: bigint
  discountMinor: bigint
  promoCodeId: number | null
  promoCode: string | null
  buyer: Buyer | null
  marketingConsent: boolean
  /** The wording that the consent was given to, where the shop's own page asked for it. */
  consentLocale: 'en' | 'de' | null
  consentVersion: number | null
  locale: 'en' | 'de'
  attribution: Record<string, string>
  createdAt: string
  expiresAt: string
  paymentAttempt: number
  orderPublicId: string | null
  orderCode: string | null
  /** The payment that the order was paid by. */
  orderPaymentId: number | null
}

export interface CheckoutItemRow {
  ticketTypeId: number
  title: string
  quantity: number
  unitPriceMinor: bigint
  /** Off the whole line. */
  discountMinor: bigint
  taxRate: string | null
}

export interface NewCheckoutRow {
  publicId: string
  eventId: number
  totalMinor: bigint
  discountMinor: bigint
  promoCodeId: number | null
  locale: 'en' | 'de'
  attribution: Record<string, string>
  createdAt: Date
  expiresAt: Date
}

export async function insertCheckout(
  db: Db,
  accountId: number,
  checkout: NewCheckoutRow,
  items: CheckoutItemRow[],
): Promise<number> {
  const { attribution, ...columns } = checkout
  const [row] = await db<[{ id: number }]>`
    insert into checkouts ${db({ accountId, ...columns, attribution: db.json(attribution) })} returning id`
  const rows = items.map((item, index) => ({ accountId, checkoutId: row.id, position: index + 1, ...item }))
  await db`insert into checkout_items ${db(rows)}`
  return row.id
}

const checkoutColumns = (db: Db) => db`
  c.id, c.public_id, c.event_id, e.slug as event_slug, e.title as event_title, c.status, c.total_minor, c.discount_minor,
  c.promo_code_id, p.code as promo_code, c.buyer, c.marketing_consent, c.consent_locale, c.consent_version, c.locale,
  c.attribution, c.created_at, c.expires_at, c.payment_attempt,
  o.public_id as order_public_id, o.order_code, o.payment_id as order_payment_id`

/** The buyer's checkout in this shop; one that was given up does not exist. */
export async function findCheckout(db: Db, accountId: number, publicId: string): Promise<CheckoutRow | undefined> {
  const [row] = await db<CheckoutRow[]>`
    select ${checkoutColumns(db)}
    from checkouts c
    cross join lateral (
      select slug, title from events e where e.account_id = c.account_id and e.id = c.event_id limit 1 -- by id, not all of the account's
    ) e
    left join orders o on o.account_id = c.account_id and o.id = c.order_id
    left join promo_codes p on p.account_id = c.account_id and p.id = c.promo_code_id
    where c.account_id = ${accountId} and c.public_id = ${publicId} and c.status <> 'abandoned'`
  return row
}

/** Locks the checkout: whoever else wants to pay for, change or give up the same one waits. */
export async function lockCheckout(db: Db, accountId: number, publicId: string): Promise<CheckoutRow | undefined> {
  const rows = await db`
    select from checkouts where account_id = ${accountId} and public_id = ${publicId} for no key update`
  return rows.length === 0 ? undefined : findCheckout(db, accountId, publicId)
}

export async function listCheckoutItems(db: Db, accountId: number, checkoutId: number): Promise<CheckoutItemRow[]> {
  return db<CheckoutItemRow[]>`
    select ticket_type_id, title, quantity, unit_price_minor, discount_minor, tax_rate
    from checkout_items where account_id = ${accountId} and checkout_id = ${checkoutId} order by position`
}

export async function updateCheckoutBuyer(
  db: Db,
  accountId: number,
  checkoutId: number,
  fields: Pick<CheckoutRow, 'buyer' | 'marketingConsent' | 'consentLocale' | 'consentVersion' | 'locale'>,
): Promise<void> {
  const buyer = fields.buyer === null ? null : db.json({ ...fields.buyer })
  await db`
    update checkouts
    set buyer = ${buyer}, marketing_consent = ${fields.marketingConsent}, consent_locale = ${fields.consentLocale},
        consent_version = ${fields.consentVersion}, locale = ${fields.locale}
    where account_id = ${accountId} and id = ${checkoutId}`
}

/** The code and what it takes off; whatever was asked for at the price before gets no more money. */
export async function updateCheckoutDiscount(
  db: Db,
  accountId: number,
  checkoutId: number,
  fields: { promoCodeId: number | null; discountMinor: bigint; totalMinor: bigint },
): Promise<void> {
  await db`
    update checkouts
    set promo_code_id = ${fields.promoCodeId}, discount_minor = ${fields.discountMinor}, total_minor = ${fields.totalMinor},
        payment_attempt = payment_attempt + 1
    where account_id = ${accountId} and id = ${checkoutId}`
}

/** In the order of the items. */
export async function updateItemDiscounts(
  db: Db,
  accountId: number,
  checkoutId: number,
  discountsMinor: bigint[],
): Promise<void> {
  await db`
    update checkout_items i set discount_minor = d.discount_minor
    from unnest(${discountsMinor.map(String)}::text[]::bigint[]) with ordinality d (discount_minor, position)
    where i.account_id = ${accountId} and i.checkout_id = ${checkoutId} and i.position = d.position`
}

export async function updateCheckoutExpiry(
  db: Db,
  accountId: number,
  checkoutId: number,
  expiresAt: Date,
): Promise<void> {
  await db`update checkouts set expires_at = ${expiresAt} where account_id = ${accountId} and id = ${checkoutId}`
}

/** The payment that was asked for is over: the next one gets a key of its own. */
export async function updateNextAttempt(db: Db, accountId: number, checkoutId: number): Promise<void> {
  await db`
    update checkouts set payment_attempt = payment_attempt + 1 where account_id = ${accountId} and id = ${checkoutId}`
}

export async function updateCheckoutPaid(
  db: Db,
  accountId: number,
  checkoutId: number,
  orderId: number,
): Promise<void> {
  await db`
    update checkouts set status = 'paid', order_id = ${orderId} where account_id = ${accountId} and id = ${checkoutId}`
}

export async function updateCheckoutAbandoned(db: Db, accountId: number, checkoutId: number): Promise<void> {
  await db`update checkouts set status = 'abandoned' where account_id = ${accountId} and id = ${checkoutId}`
}

/** Whether the checkout's places are still taken for it: false once its time is over. */
export async function isHeld(db: Db, accountId: number, checkoutId: number, now: Date): Promise<boolean> {
  const rows = await db`
    select from holds where account_id = ${accountId} and checkout_id = ${checkoutId} and expires_at > ${now} limit 1`
  return rows.length === 1
}

/** Valid tickets of these types that the customer with that e-mail has already. */
export async function countTicketsOf(
  db: Db,
  accountId: number,
  email: string,
  ticketTypeIds: number[],
): Promise<Map<number, number>> {
  const rows = await db<{ ticketTypeId: number; count: number }[]>`
    select t.ticket_type_id, count(*)::integer as count
    from customers c
    join orders o on o.account_id = c.account_id and o.customer_id = c.id
    join tickets t on t.account_id = o.account_id and t.order_id = o.id
    where c.account_id = ${accountId} and c.email = ${email}
      and t.ticket_type_id = any (${ticketTypeIds}::integer[]) and t.cancelled_at is null
    group by 1`
  return new Map(rows.map((row) => [row.ticketTypeId, row.count]))
}
