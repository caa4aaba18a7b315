import { listAdmissionTickets } from '../admission/queries.ts'
import { postOrderMail } from '../mails/post-mail.ts'
import { countOrderMails } from '../mails/queries.ts'
import { findOrder } from '../orders/queries.ts'
import { lockOrder } from '../orders/refund-queries.ts'
import { type Db, transaction } from '../platform/database.ts'
import { conflict, notFound, Refusal } from '../platform/refusal.ts'

const hourMs = 3_600_000
/** The one at payment, and three more. */
const mostInAnHour = 4

/**
 * Sends the order's tickets to its buyer once more. Throws 404, 409 where none of them is valid, 429 after three in an
 * hour.
 */
export async function resendTickets(db: Db, accountId: number, publicId: string, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await findOrder(tx, accountId, publicId)
    if (order?.publicId !== publicId) throw notFound()
    await lockOrder(tx, accountId, order.id)
    if ((await listAdmissionTickets(tx, accountId, order.id)).length === 0)
      throw conflict('The order has no valid tickets')
    const recent = await countOrderMails(tx, accountId, order.id, 'tickets', new Date(now.getTime() - hourMs))
    if (recent >= mostInAnHour)
      throw new Refusal(429, { error: 'The tickets were sent three times in this hour' }, { 'retry-after': '3600' })
    await postOrderMail(tx, accountId, order.id, 'tickets', {}, now)
  })
}
