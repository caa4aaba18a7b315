import { freeProvider } from './free-provider.ts'
import type { PaymentProvider } from './provider.ts'
import { testProvider } from './test-provider.ts'

/** The ways to pay `amountMinor` in this installation, in the order in which a buyer is offered them. */
export function providersFor(amountMinor: bigint, config: { testPayments: boolean }): PaymentProvider[] {
  const providers = config.testPayments ? [freeProvider, testProvider] : [freeProvider]
  return providers.filter((provider) => provider.takes(amountMinor))
}
