import type { Db } from '../platform/database.ts'
import type { PaymentProvider } from './provider.ts'
import { type PaymentRow, updatePayment } from './queries.ts'

/** A refund that fails again and again needs a person. */
const mostFailures = 5

/**
 * Gives back what is left of money that may not stay, and notes it when all of it has gone. Doing so twice is doing so
 * once. Throws 503 where the provider is away; the payment then stays `returning`.
 */
export async function returnMoney(
  db: Db,
  accountId: number,
  provider: PaymentProvider,
  payment: PaymentRow & { reference: string },
): Promise<void> {
  const isGone = await giveBackRest(provider, payment)
  await updatePayment(db, accountId, payment.id, {
    status: isGone ? 'returned' : 'returning',
    from: ['returning', 'returned'],
  })
}

async function giveBackRest(provider: PaymentProvider, payment: PaymentRow & { reference: string }): Promise<boolean> {
  const known = await provider.listRefunds(payment.reference)
  const gone = known.filter(({ status }) => status !== 'failed')
  const failures = known.length - gone.length
  const isOver = gone.every(({ status }) => status === 'succeeded')
  const left = payment.amountMinor - gone.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (left <= 0n) return isOver
  if (failures >= mostFailures) return false
  const outcome = await provider.refund({
    idempotencyKey: `return:${payment.idempotencyKey}:${failures}`,
    paymentReference: payment.reference,
    amountMinor: left,
    currency: payment.currency,
  })
  return isOver && outcome.status === 'succeeded'
}
