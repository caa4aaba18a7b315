import type { PaymentConfig } from '../payments/providers.ts'
import type { Pool } from '../platform/database.ts'
import { finishRefund } from './refund-order.ts'
import { listPendingRefunds } from './refund-queries.ts'

const patienceMs = 60_000

/**
 * Goes on with refunds that were begun a minute ago or earlier and have not ended, whoever began them. One that can't be
 * gone on with does not keep the others; what stood in its way is handed to `report`.
 */
export async function resumeRefunds(
  db: Pool,
  now: Date,
  config: PaymentConfig,
  report: (error: unknown) => void,
): Promise<void> {
  const pending = await listPendingRefunds(db, new Date(now.getTime() - patienceMs))
  for (const { accountId, currency, id } of pending)
    await finishRefund(db, { id: accountId, currency }, id, now, config).catch(report)
}
