import type { Config } from '../config.ts'
import type { Db } from '../platform/database.ts'
import { sealerOf } from '../platform/sealing.ts'
import { freeProvider } from './free-provider.ts'
import { listAccountsWithKeys } from './notice-queries.ts'
import type { PaymentProvider } from './provider.ts'
import { findSealedKeys } from './queries.ts'
import { stripeStep } from './stripe-amounts.ts'
import type { StripeKeys } from './stripe-client.ts'
import { stripeProvider } from './stripe-provider.ts'
import { testProvider } from './test-provider.ts'

/** What of the configuration decides which ways to pay there are. */
export type PaymentConfig = Pick<
  Config,
  'testPayments' | 'stripeSecretKey' | 'stripeWebhookSecret' | 'stripeApiUrl' | 'secretKey'
>

/** The account's ways to pay, in the order in which a buyer is offered them. */
export async function listProviders(db: Db, accountId: number, config: PaymentConfig): Promise<PaymentProvider[]> {
  const stripe = await findStripe(db, accountId, config)
  return [...(stripe ? [stripe] : []), freeProvider, ...(config.testPayments ? [testProvider] : [])]
}

/**
 * The way to pay of that name as it is needed for money that came by it: `test` also where it is no longer offered.
 * Undefined where Stripe's keys are gone, or nobody knows the name.
 */
export async function findProvider(
  db: Db,
  accountId: number,
  name: string,
  config: PaymentConfig,
): Promise<PaymentProvider | undefined> {
  if (name === 'stripe') return findStripe(db, accountId, config)
  return [freeProvider, testProvider].find((provider) => provider.name === name)
}

/**
 * Who gives money back for an order that was paid by `name`. Money of imported orders was taken elsewhere and is given
 * back there: here it is only written down, as done. Undefined where Stripe's keys are gone.
 */
export async function findRefunder(
  db: Db,
  accountId: number,
  name: string,
  config: PaymentConfig,
): Promise<PaymentProvider | undefined> {
  return name === 'stripe'
    ? findStripe(db, accountId, config)
    : ((await findProvider(db, accountId, name, config)) ?? freeProvider)
}

/** The least that can go back to where it was paid from, in minor units: a refund must be a multiple of it. */
export function refundStep(providerName: string, currency: string): bigint {
  return providerName === 'stripe' ? stripeStep(currency) : 1n
}

/** Stripe by the installation's keys, else by the account's own; undefined without either. */
async function findStripe(db: Db, accountId: number, config: PaymentConfig): Promise<PaymentProvider | undefined> {
  const keys = await findStripeKeys(db, accountId, config)
  return keys && stripeProvider(keys)
}

/** The installation's keys, else the account's; without an account only the installation's. */
export async function findStripeKeys(
  db: Db,
  accountId: number | null,
  config: PaymentConfig,
): Promise<StripeKeys | undefined> {
  const own = config.stripeSecretKey === undefined && accountId !== null
  const secretKey = own ? (await openKeys(db, accountId, config)).secretKey : config.stripeSecretKey
  return secretKey === undefined ? undefined : { secretKey, apiUrl: config.stripeApiUrl }
}

export interface AccountKeys {
  secretKey?: string | undefined
  webhookSecret?: string | undefined
}

/** The account's own keys, opened. Without SECRET_KEY, or with another than they were sealed with, there are none. */
export async function openKeys(db: Db, accountId: number, config: PaymentConfig): Promise<AccountKeys> {
  if (config.secretKey === undefined) return {}
  const sealer = sealerOf(config.secretKey)
  const { stripeSecretKey, stripeWebhookSecret } = await findSealedKeys(db, accountId)
  try {
    return {
      secretKey: stripeSecretKey ? sealer.open(stripeSecretKey) : undefined,
      webhookSecret: stripeWebhookSecret ? sealer.open(stripeWebhookSecret) : undefined,
    }
  } catch {
    return {}
  }
}

/** The accounts that depend on keys of their own that can't be opened: Stripe is left out, as if they had none. */
export async function listAccountsWithLockedKeys(db: Db, config: PaymentConfig): Promise<{ subdomain: string }[]> {
  if (config.stripeSecretKey !== undefined) return []
  const locked: { subdomain: string }[] = []
  for (const account of await listAccountsWithKeys(db)) {
    const { secretKey } = await openKeys(db, account.id, config)
    if (secretKey === undefined) locked.push(account)
  }
  return locked
}
