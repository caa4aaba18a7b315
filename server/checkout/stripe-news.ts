import { findAccount } from '../accounts/queries.ts'
import { findOrderOfPayment } from '../orders/refund-queries.ts'
import { syncRefunds } from '../orders/sync-refunds.ts'
import {
  findStripePayment,
  insertNotices,
  listAccountsWithKeys,
  listOpenNotices,
  type NamedPayment,
  type NoticeRow,
  updateNoticeProcessed,
} from '../payments/notice-queries.ts'
import { findProvider, findStripeKeys } from '../payments/providers.ts'
import { findPayment } from '../payments/queries.ts'
import { returnMoney } from '../payments/return-money.ts'
import { findSessionOfPayment, readMissedNotices, type StripeNotice } from '../payments/stripe-notices.ts'
import { reconcilePayment, type Till } from './reconcile-payment.ts'

/**
 * Keeps the notice and does what follows from it; one that came before and is done changes nothing. A notice is only a
 * reason to look: what is done follows from how things stand at Stripe now. Throws where that can't be seen; the notice
 * is tried again then.
 */
export async function receiveNotice(till: Till, accountId: number | null, notice: StripeNotice): Promise<void> {
  const { open } = await insertNotices(till.db, accountId, [notice], till.clock())
  for (const row of open) await processNotice(till, row)
}

/**
 * Asks Stripe for news that never came, and does what is not done yet, of all accounts. What fails does not keep the
 * others; it is handed to `report` and tried again the next time.
 */
export async function catchUpOnNotices(till: Till, report: (error: unknown) => void): Promise<void> {
  const { db, config, clock } = till
  const attempt = (act: () => Promise<void>) => act().catch(report)
  const scopes = config.stripeSecretKey === undefined ? (await listAccountsWithKeys(db)).map(({ id }) => id) : [null]
  for (const accountId of scopes)
    await attempt(async () => {
      const keys = await findStripeKeys(db, accountId, config)
      const keep = async (notices: StripeNotice[]) => (await insertNotices(db, accountId, notices, clock())).isNew
      if (keys) await readMissedNotices(keys, clock(), keep)
    })
  for (const row of await listOpenNotices(db)) await attempt(() => processNotice(till, row))
}

async function processNotice(till: Till, { id, accountId, subject }: NoticeRow): Promise<void> {
  const { db, clock } = till
  const known = await findStripePayment(db, accountId, subject)
  if (known) await bringUpToDate(till, known)
  else if (subject.startsWith('pi_')) await bringUnknownUpToDate(till, accountId, subject)
  await updateNoticeProcessed(db, id, clock())
}

/** A payment of which only the session is known here: its own notice was late, or never came. */
async function bringUnknownUpToDate(till: Till, accountId: number | null, paymentReference: string): Promise<void> {
  const keys = await findStripeKeys(till.db, accountId, till.config)
  const session = keys && (await findSessionOfPayment(keys, paymentReference))
  const known = session && (await findStripePayment(till.db, accountId, session))
  if (known) await bringUpToDate(till, known)
}

async function bringUpToDate(till: Till, { accountId, id }: NamedPayment): Promise<void> {
  const { db, config, clock } = till
  const account = await findAccount(db, accountId)
  const before = await findPayment(db, accountId, id)
  if (!account || !before) return
  await reconcilePayment(till, account, before)
  const payment = await findPayment(db, accountId, id)
  const provider = await findProvider(db, accountId, 'stripe', config)
  if (!provider || !payment?.reference) return
  const { reference } = payment
  if (payment.status === 'returned') await returnMoney(db, accountId, provider, { ...payment, reference })
  const order = await findOrderOfPayment(db, accountId, id)
  if (order) await syncRefunds(db, accountId, { ...order, paymentReference: reference }, provider, clock())
}
