import { type Pool, transaction } from '../platform/database.ts'
import { lockCustomer, updateConsentWithdrawn } from './queries.ts'

/** Ends the consent that stands, if one does. Orders from before give it back no more; a later tick gives it anew. */
export async function withdrawConsent(db: Pool, accountId: number, customerId: number, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    // A purchase that is being settled is then either before the withdrawal or after it.
    await lockCustomer(tx, accountId, customerId)
    await updateConsentWithdrawn(tx, accountId, customerId, now)
  })
}
