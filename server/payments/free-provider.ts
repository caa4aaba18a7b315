import type { PaymentProvider } from './provider.ts'

/** For a total of zero: nothing to charge, nothing to give back. */
export const freeProvider: PaymentProvider = {
  name: 'free',
  takes: (amountMinor) => amountMinor === 0n,
  charge: async ({ idempotencyKey }) => ({ status: 'succeeded', reference: `free_${idempotencyKey}` }),
  find: async (reference) => ({ status: 'succeeded', reference }),
  close: async () => {},
  refund: async ({ idempotencyKey }) => ({ status: 'succeeded', reference: idempotencyKey }),
  listRefunds: async () => [],
}
