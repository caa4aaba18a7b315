import type { Account } from '../accounts/account.ts'
import { findAccount } from '../accounts/queries.ts'
import type { Deps } from '../config.ts'
import type { ChargeOutcome, PaymentProvider } from '../payments/provider.ts'
import { findProvider } from '../payments/providers.ts'
import {
  findPayment,
  listOpenPayments,
  listOpenPaymentsOf,
  type PaymentRow,
  updatePaymentChecked,
  updatePaymentSession,
} from '../payments/queries.ts'
import { returnMoney } from '../payments/return-money.ts'
import { Refusal } from '../platform/refusal.ts'
import { askProvider, type Conclusion, concludePayment } from './conclude-payment.ts'
import { findCheckout } from './queries.ts'

/** What is needed to ask a provider and to act on its answer. */
export type Till = Pick<Deps, 'db' | 'config' | 'clock'>

const patienceMs = 60_000

/**
 * Asks the provider what has become of the payment, and does what follows from it. Where the checkout was paid otherwise
 * or given up, no more money is taken for it. Undefined where there is nothing to do.
 *
 * Throws 503 where the provider is away.
 */
export async function reconcilePayment(
  till: Till,
  account: Account,
  payment: PaymentRow,
  options: { insists?: boolean } = {},
): Promise<Conclusion | undefined> {
  const { db, config, clock } = till
  const provider = await findProvider(db, account.id, payment.provider, config)
  if (!provider) return undefined
  const { status, reference } = payment
  if (status === 'returning' && reference !== null) {
    await returnMoney(db, account.id, provider, { ...payment, reference }, options)
    return undefined
  }
  if (status !== 'started' && status !== 'pending') return undefined
  const outcome = await closeIfUnwanted(till, account, provider, payment, await ask(provider, payment))
  return concludePayment(db, account, { provider, payment, outcome }, clock)
}

/** A request that the provider refuses brings no money. */
async function ask(provider: PaymentProvider, payment: PaymentRow): Promise<ChargeOutcome> {
  try {
    return await askProvider(provider, payment, undefined)
  } catch (error) {
    if (error instanceof Refusal && error.status === 422) return { status: 'declined', message: error.message }
    throw error
  }
}

async function closeIfUnwanted(
  { db }: Till,
  account: Account,
  provider: PaymentProvider,
  payment: PaymentRow,
  outcome: ChargeOutcome,
): Promise<ChargeOutcome> {
  if (outcome.status !== 'requires_action') return outcome
  const checkout = await findCheckout(db, account.id, payment.checkoutPublicId ?? '')
  if (checkout?.status === 'pending' && checkout.totalMinor === payment.amountMinor) return outcome
  await updatePaymentSession(db, account.id, payment.id, outcome.reference)
  await provider.close(outcome.reference)
  return provider.find(outcome.reference)
}

/** Reconciles all payments of the checkout that are open. Throws 503 where a provider is away. */
export async function reconcileCheckout(till: Till, account: Account, publicId: string): Promise<void> {
  for (const payment of await listOpenPaymentsOf(till.db, account.id, publicId))
    await reconcilePayment(till, account, payment)
}

/**
 * Reconciles every payment that was begun a minute ago or earlier and has not ended, of all accounts; money that does not
 * find its way back is tried again at growing pauses. One that can't be does not keep the others; what stood in its way
 * is handed to `report`.
 */
export async function reconcileOpenPayments(till: Till, report: (error: unknown) => void): Promise<void> {
  const before = new Date(till.clock().getTime() - patienceMs)
  for (const { accountId, id } of await listOpenPayments(till.db, before)) {
    try {
      const account = await findAccount(till.db, accountId)
      const payment = await findPayment(till.db, accountId, id)
      await updatePaymentChecked(till.db, accountId, id, till.clock())
      if (account && payment) await reconcilePayment(till, account, payment, { insists: true })
    } catch (error) {
      report(error)
    }
  }
}
