import type { Check } from './check.ts'
import { checkoutChecks } from './checkout-checks.ts'
import { consentChecks } from './consent-checks.ts'
import { customerChecks } from './customer-checks.ts'
import { invoiceChecks } from './invoice-checks.ts'
import { mailChecks } from './mail-checks.ts'
import { nameChecks } from './name-checks.ts'
import { orderChecks } from './order-checks.ts'
import { paymentChecks } from './payment-checks.ts'
import { placeChecks } from './place-checks.ts'
import { promoCodeChecks } from './promo-code-checks.ts'
import { referenceChecks } from './reference-checks.ts'
import { schemaChecks } from './schema-checks.ts'

/** Every promise that the doctor looks after, in the order in which one would look for a cause. */
export const checks: Check[] = [
  ...schemaChecks,
  ...referenceChecks,
  ...nameChecks,
  ...orderChecks,
  ...paymentChecks,
  ...invoiceChecks,
  ...checkoutChecks,
  ...consentChecks,
  ...promoCodeChecks,
  ...customerChecks,
  ...placeChecks,
  ...mailChecks,
]
