import { freeProvider } from './free-provider.ts'
import type { PaymentProvider } from './provider.ts'
import { testProvider } from './test-provider.ts'

/** The ways to pay `amountMinor` in this installation, in the order in which a buyer is offered them. */
export function providersFor(amountMinor: bigint, config: { testPayments: boolean }): PaymentProvider[] {
  const providers = config.testPayments ? [freeProvider, testProvider] : [freeProvider]
  return providers.filter((provider) => provider.takes(amountMinor))
}

/**
 * Who gives money back for an order that was paid by `name`. Money of imported orders was taken elsewhere and is given
 * back there: here it is only written down, as done.
 */
export function refunderOf(name: string): Pick<PaymentProvider, 'refund'> {
  return name === 'test' ? testProvider : freeProvider
}
