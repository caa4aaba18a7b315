import type { Db } from '../platform/database.ts'
import type { PaymentProvider, Taken } from './provider.ts'
import { type PaymentRow, updatePayment } from './queries.ts'

/** After so many failures it is tried only by those who come at growing pauses: news of a failure is not a reason. */
const mostFailures = 5

/**
 * Gives back what is left of money that may not stay, and notes it when all of it has gone. Doing so twice is doing so
 * once. Throws 503 where the provider is away; the payment then stays `returning`, as it does where the refund fails:
 * who `insists` tries again however often it failed.
 */
export async function returnMoney(
  db: Db,
  accountId: number,
  provider: PaymentProvider,
  payment: PaymentRow & { reference: string },
  { insists = false }: { insists?: boolean } = {},
): Promise<void> {
  const isGone = await giveBackRest(provider, payment, insists)
  await updatePayment(db, accountId, payment.id, {
    status: isGone ? 'returned' : 'returning',
    from: ['returning', 'returned'],
  })
}

async function giveBackRest(
  provider: PaymentProvider,
  payment: PaymentRow & { reference: string },
  insists: boolean,
): Promise<boolean> {
  const { amountMinor, currency } = await findTaken(provider, payment)
  const known = await provider.listRefunds(payment.reference)
  const gone = known.filter(({ status }) => status !== 'failed')
  const failures = known.length - gone.length
  const isOver = gone.every(({ status }) => status === 'succeeded')
  const left = amountMinor - gone.reduce((sum, refund) => sum + refund.amountMinor, 0n)
  if (left <= 0n) return isOver
  if (failures >= mostFailures && !insists) return false
  const outcome = await provider.refund({
    idempotencyKey: `return:${payment.idempotencyKey}:${failures}`,
    paymentReference: payment.reference,
    amountMinor: left,
    currency,
  })
  return isOver && outcome.status === 'succeeded'
}

/** What must go back is what was taken, also where that is not what was asked for. */
async function findTaken(provider: PaymentProvider, payment: PaymentRow): Promise<Taken> {
  const outcome = payment.sessionReference === null ? undefined : await provider.find(payment.sessionReference)
  return (outcome?.status === 'succeeded' && outcome.taken) || payment
}
