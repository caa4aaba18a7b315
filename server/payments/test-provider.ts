import { createHash } from 'node:crypto'
import { invalid } from '../platform/refusal.ts'
import type { PaymentProvider } from './provider.ts'

/** Pretends: does what `outcome` says and moves no money. For demos and for organisers who try things out. */
export const testProvider: PaymentProvider = {
  name: 'test',
  takes: (amountMinor) => amountMinor > 0n,
  async charge({ idempotencyKey, options }) {
    switch (options.outcome) {
      case 'succeed':
        return { status: 'succeeded', reference: referenceOf('test', idempotencyKey) }
      case 'pend':
        return { status: 'pending', reference: referenceOf('test_pending', idempotencyKey) }
      case 'decline':
        return { status: 'declined', message: 'The payment was declined' }
      default:
        throw invalid('outcome', 'is not included in the list')
    }
  },
  find: async (reference) => ({ status: reference.startsWith('test_pending_') ? 'pending' : 'succeeded', reference }),
  close: async () => {},
  refund: async ({ idempotencyKey }) => ({
    status: 'succeeded',
    reference: referenceOf('test_refund', idempotencyKey),
  }),
  listRefunds: async () => [],
}

function referenceOf(prefix: string, idempotencyKey: string): string {
  return `${prefix}_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 24)}`
}
