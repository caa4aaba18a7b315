import type { Db } from '../platform/database.ts'
import { wireTime } from '../platform/time.ts'

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
  /** In the buyer's order. */
  items: CheckoutItemRow[]
  /** When the places are no longer taken for it; null where they were given up, freed, or became tickets. */
  heldUntil: string | null
}

export interface CheckoutItemRow {
  ticketTypeId: number
  title: string
  quantity: number
  unitPriceMinor: bigint
  /** Off the whole line. */
  discountMinor: bigint
  taxRate: string | null
  /** Of the ticket type, as it is now; null: no limit. */
  maxPerCustomer: number | null
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
  const rows = items.map((item, index) => ({ ...item, ...writtenAmounts(item), position: index + 1 }))
  const [row] = await db<[{ id: number }]>`
    with made as (
      insert into checkouts ${db({ accountId, ...columns, attribution: db.json(attribution) })} returning account_id, id
    )
    insert into checkout_items (account_id, checkout_id, position, ticket_type_id, title, quantity, unit_price_minor, discount_minor, tax_rate)
    select account_id, id, position, "ticketTypeId", title, quantity, "unitPriceMinor", "discountMinor", "taxRate"
    from made, jsonb_to_recordset(${db.json(rows)}) as item (position integer, "ticketTypeId" integer, title text,
      quantity integer, "unitPriceMinor" bigint, "discountMinor" bigint, "taxRate" numeric)
    returning checkout_id as id`
  return row.id
}

/** JSON has no numbers of that size. */
function writtenAmounts({ unitPriceMinor, discountMinor }: CheckoutItemRow) {
  return { unitPriceMinor: String(unitPriceMinor), discountMinor: String(discountMinor) }
}

const checkoutColumns = (db: Db) => db`
  c.id, c.public_id, c.event_id, e.slug as event_slug, e.title as event_title, c.status, c.total_minor, c.discount_minor,
  c.promo_code_id, p.code as promo_code, c.buyer, c.marketing_consent, c.consent_locale, c.consent_version, c.locale,
  c.attribution, c.created_at, c.expires_at, c.payment_attempt,
  o.public_id as order_public_id, o.order_code, o.payment_id as order_payment_id, i.items, h.held_until`

type StoredCheckout = Omit<CheckoutRow, 'items'> & { items: StoredItem[] }
type StoredItem = Omit<CheckoutItemRow, 'unitPriceMinor' | 'discountMinor'> & ReturnType<typeof writtenAmounts>

/** The buyer's checkout in this shop; one that was given up does not exist. */
export async function findCheckout(db: Db, accountId: number, publicId: string): Promise<CheckoutRow | undefined> {
  const [row] = await db<StoredCheckout[]>`
    select ${checkoutColumns(db)}
    from checkouts c
    cross join lateral (
      select slug, title from events e where e.account_id = c.account_id and e.id = c.event_id limit 1 -- by id, not all of the account's
    ) e
    cross join lateral (
      select json_agg(json_build_object('ticketTypeId', i.ticket_type_id, 'title', i.title, 'quantity', i.quantity,
        'unitPriceMinor', i.unit_price_minor::text, 'discountMinor', i.discount_minor::text, 'taxRate', i.tax_rate::text,
        'maxPerCustomer', (select max_per_customer from ticket_types t -- by id, not all of the account's
                           where t.account_id = i.account_id and t.id = i.ticket_type_id)) order by i.position) as items
      from checkout_items i
      where i.account_id = c.account_id and i.checkout_id = c.id
    ) i
    cross join lateral (
      select max(expires_at) as held_until from holds h where h.account_id = c.account_id and h.checkout_id = c.id
    ) h
    left join orders o on o.account_id = c.account_id and o.id = c.order_id
    left join promo_codes p on p.account_id = c.account_id and p.id = c.promo_code_id
    where c.account_id = ${accountId} and c.public_id = ${publicId} and c.status <> 'abandoned'`
  return row && { ...row, items: row.items.map(readAmounts) }
}

function readAmounts(item: StoredItem): CheckoutItemRow {
  return { ...item, unitPriceMinor: BigInt(item.unitPriceMinor), discountMinor: BigInt(item.discountMinor) }
}

/** Locks the checkout: whoever else wants to pay for, change or give up the same one waits. */
export async function lockCheckout(db: Db, accountId: number, publicId: string): Promise<CheckoutRow | undefined> {
  const [isThere, checkout] = await Promise.all([
    takeCheckoutLock(db, accountId, publicId),
    findCheckout(db, accountId, publicId),
  ])
  return isThere ? checkout : undefined
}

async function takeCheckoutLock(db: Db, accountId: number, publicId: string): Promise<boolean> {
  const rows = await db`
    select from checkouts where account_id = ${accountId} and public_id = ${publicId} for no key update`
  return rows.length > 0
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
export function isHeld({ heldUntil }: CheckoutRow, now: Date): boolean {
  return heldUntil !== null && heldUntil > wireTime(now)
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
