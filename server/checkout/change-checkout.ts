import { type Db, type Pool, transaction } from '../platform/database.ts'
import { normalizeEmail } from '../platform/email-address.ts'
import { conflict, invalid, notFound } from '../platform/refusal.ts'
import { endHolds } from '../ticketing/queries.ts'
import { type Buyer, type CheckoutRow, lockCheckout, updateCheckoutAbandoned, updateCheckoutBuyer } from './queries.ts'
import type { CheckoutChanges } from './schema.ts'

/** The wording that a ticked box stood for. */
export interface ShownConsent {
  locale: 'en' | 'de'
  version: number
}

/**
 * Changes what `input` names. A consent is kept with the wording that was `shown`; one that comes without, from another
 * site's form, is kept without. Resolves to the checkout as it is then. Throws 404, 409 once it is paid, 422 on `buyer.email`.
 */
export async function changeCheckout(
  db: Db,
  accountId: number,
  publicId: string,
  input: CheckoutChanges,
  shown?: ShownConsent,
): Promise<CheckoutRow> {
  return transaction(db, async (tx) => {
    const checkout = await lockCheckout(tx, accountId, publicId)
    if (!checkout) throw notFound()
    if (checkout.status === 'paid') throw conflict('The order is paid')
    const fields = {
      buyer: input.buyer === undefined ? checkout.buyer : readBuyer(input.buyer, checkout.buyer),
      ...readConsent(input, checkout, shown),
      locale: input.locale ?? checkout.locale,
    }
    await updateCheckoutBuyer(tx, accountId, checkout.id, fields)
    return { ...checkout, ...fields }
  })
}

/** Gives the places back; the checkout is gone then. Throws 404, or 409 once it is paid. */
export async function abandonCheckout(db: Pool, accountId: number, publicId: string): Promise<void> {
  await transaction(db, async (tx) => {
    const checkout = await lockCheckout(tx, accountId, publicId)
    if (!checkout) throw notFound()
    if (checkout.status === 'paid') throw conflict('The order is paid')
    await updateCheckoutAbandoned(tx, accountId, checkout.id)
    await endHolds(tx, accountId, checkout.eventId, checkout.id)
  })
}

function readConsent(input: CheckoutChanges, before: CheckoutRow, shown: ShownConsent | undefined) {
  const { marketing_consent: marketingConsent = before.marketingConsent } = input
  const kept = input.marketing_consent === undefined
  return {
    marketingConsent,
    consentLocale: kept ? before.consentLocale : marketingConsent ? (shown?.locale ?? null) : null,
    consentVersion: kept ? before.consentVersion : marketingConsent ? (shown?.version ?? null) : null,
  }
}

function readBuyer(input: NonNullable<CheckoutChanges['buyer']>, before: CheckoutRow['buyer']): Buyer {
  const email = input.email === undefined ? before?.email : normalizeEmail(input.email)
  if (!email) throw invalid('buyer.email', input.email?.trim() ? 'is invalid' : "can't be blank")
  const text = (field: 'name' | 'company' | 'phone' | 'title') =>
    input[field] === undefined ? (before?.[field] ?? null) : input[field]?.trim() || null
  const salutation = input.salutation === undefined ? (before?.salutation ?? null) : input.salutation || null
  return { email, name: text('name'), company: text('company'), phone: text('phone'), salutation, title: text('title') }
}
