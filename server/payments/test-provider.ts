import { createHash } from 'node:crypto'
import { invalid } from '../platform/refusal.ts'
import type { PaymentProvider } from './provider.ts'

/** Pretends: does what `outcome` says and moves no money. For demos and for organisers who try things out. */
export const testProvider: PaymentProvider = {
  name: 'test',
  takes: (amountMinor) => amountMinor > 0n,
  async charge({ idempotencyKey, options }) {
    const reference = referenceOf('test', idempotencyKey)
    switch (options.outcome) {
      case 'succeed':
        return { status: 'succeeded', reference }
      case 'pend':
        return { status: 'pending', reference }
      case 'decline':
        return { status: 'declined', message: 'The payment was declined' }
      default:
        throw invalid('outcome', 'is not included in the list')
    }
  },
  giveBack: async () => {},
  refund: async ({ idempotencyKey }) => ({
    status: 'succeeded',
    reference: referenceOf('test_refund', idempotencyKey),
  }),
}

function referenceOf(prefix: string, idempotencyKey: string): string {
  return `${prefix}_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 24)}`
}
