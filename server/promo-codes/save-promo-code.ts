import type { Account } from '../accounts/account.ts'
import { type Db, type Tx, transaction, violatedConstraint } from '../platform/database.ts'
import { parseAmount } from '../platform/money.ts'
import { invalid, notFound } from '../platform/refusal.ts'
import { parseInstant } from '../platform/time.ts'
import { readPromoCode } from './promo-code.ts'
import {
  countUses,
  findEventZone,
  findPromoCode,
  insertPromoCode,
  lockPromoCode,
  type PromoCodeFields,
  type PromoCodeRow,
  updatePromoCode,
} from './queries.ts'
import type { PromoCodeChanges, PromoCodeInput } from './schema.ts'
import { discountAmountOf } from './schema.ts'

/** Times without an offset are the event's venue's, else the account's. Throws 422 on the field that can't be so. */
export async function createPromoCode(
  db: Db,
  account: Account,
  input: PromoCodeInput,
  now: Date,
): Promise<PromoCodeRow> {
  return saving(db, async (tx) => {
    const id = await insertPromoCode(tx, account.id, await readFields(tx, account, input, undefined), now)
    return reread(tx, account.id, id)
  })
}

/**
 * Changes what `input` names; checkouts that have the code keep the discount that they were promised. Throws 404, or 422
 * as `createPromoCode`, also on a `usage_limit` below the uses that are taken.
 */
export async function changePromoCode(
  db: Db,
  account: Account,
  id: number,
  input: PromoCodeChanges,
  now: Date,
): Promise<PromoCodeRow> {
  return saving(db, async (tx) => {
    await lockPromoCode(tx, account.id, id)
    const fields = await readFields(tx, account, input, await reread(tx, account.id, id))
    const uses = fields.usageLimit === null ? 0 : await countUses(tx, account.id, id, now, undefined)
    if (fields.usageLimit !== null && fields.usageLimit < uses && input.usage_limit !== undefined)
      throw invalid('usage_limit', `must be greater than or equal to ${uses}`)
    await updatePromoCode(tx, account.id, id, fields, now)
    return reread(tx, account.id, id)
  })
}

async function reread(tx: Tx, accountId: number, id: number): Promise<PromoCodeRow> {
  const row = await findPromoCode(tx, accountId, id)
  if (!row) throw notFound()
  return row
}

async function saving(db: Db, save: (tx: Tx) => Promise<PromoCodeRow>): Promise<PromoCodeRow> {
  try {
    return await transaction(db, save)
  } catch (error) {
    if (violatedConstraint(error) === 'promo_codes_by_code') throw invalid('code', 'has already been taken')
    if (violatedConstraint(error)?.endsWith('_fkey')) throw invalid('event_id', 'must exist') // deleted meanwhile
    throw error
  }
}

async function readFields(
  tx: Tx,
  account: Account,
  input: PromoCodeChanges,
  before: PromoCodeRow | undefined,
): Promise<PromoCodeFields> {
  const code = input.code === undefined ? before?.code : readPromoCode(input.code)
  if (code === undefined) throw invalid('code', input.code?.trim() ? 'is invalid' : "can't be blank")
  const eventId = input.event_id === undefined ? (before?.eventId ?? null) : input.event_id
  const timeZone = eventId === null ? account.timeZone : await findEventZone(tx, account.id, eventId)
  if (timeZone === undefined) throw invalid('event_id', 'must exist')
  const kept = <T>(value: T | null | undefined, old: T | null | undefined) =>
    value === undefined ? (old ?? null) : value
  return {
    code,
    ...readDiscount(input, before, account.currency),
    eventId,
    expiresAt: input.expires_at === undefined ? (before?.expiresAt ?? null) : readExpiry(input.expires_at, timeZone),
    usageLimit: kept(input.usage_limit, before?.usageLimit),
    maxPerCustomer: kept(input.max_per_customer, before?.maxPerCustomer),
    active: input.active ?? before?.active ?? true,
  }
}

function readDiscount(
  input: PromoCodeChanges,
  before: PromoCodeRow | undefined,
  currency: string,
): Pick<PromoCodeFields, 'discountType' | 'percent' | 'amountMinor'> {
  const discountType = input.discount_type ?? before?.discountType ?? 'percentage'
  const text = (input.discount_amount ?? (before && discountAmountOf(before, currency)) ?? '').trim()
  if (discountType === 'fixed') {
    const amountMinor = parseAmount(text, currency)
    if (amountMinor === undefined) throw invalid('discount_amount', text ? 'is not a number' : "can't be blank")
    if (amountMinor === 0n) throw invalid('discount_amount', 'must be greater than 0')
    if (amountMinor >= 1_000_000_000_000n) throw invalid('discount_amount', 'is too high')
    return { discountType, percent: null, amountMinor }
  }
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text)) throw invalid('discount_amount', text ? 'is not a number' : "can't be blank")
  if (Number(text) === 0) throw invalid('discount_amount', 'must be greater than 0')
  if (Number(text) > 100) throw invalid('discount_amount', 'must be less than or equal to 100')
  return { discountType, percent: text, amountMinor: null }
}

function readExpiry(text: string | null, timeZone: string): Date | null {
  if (!text?.trim()) return null
  const read = parseInstant(text.trim(), timeZone)
  if (!read) throw invalid('expires_at', 'is invalid')
  return read
}
