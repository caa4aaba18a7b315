import { createHash } from 'node:crypto'
import { postMail } from '../mails/post-mail.ts'
import { countMailsTo } from '../mails/queries.ts'
import { type Db, type Pool, transaction } from '../platform/database.ts'
import { normalizeEmail } from '../platform/email-address.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import { invalid } from '../platform/refusal.ts'
import { findLocaleOf, listOrdersOf } from './queries.ts'

export const sendOrderLinksTask = 'send_order_links'

const pauseMs = 600_000

/**
 * Has the links to their orders sent to whoever has that address. What happens here is the same whether it is known or
 * not, so that neither the answer nor its time tells. Throws 422 on `email`.
 */
export async function askForOrderLinks(db: Db, accountId: number, typed: string): Promise<void> {
  const email = normalizeEmail(typed)
  if (!email) throw invalid('email', typed.trim() ? 'is invalid' : "can't be blank")
  const key = createHash('sha256').update(email).digest('base64url')
  await addJob(db, sendOrderLinksTask, { account_id: accountId, email }, `order links ${accountId}/${key}`)
}

/** Posts the mail where there are orders to show, at most one in ten minutes. */
export async function sendOrderLinks(db: Pool, accountId: number, email: string, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    const since = new Date(now.getTime() - pauseMs)
    if ((await countMailsTo(tx, accountId, email, 'order_links', since)) > 0) return
    if ((await listOrdersOf(tx, accountId, email)).length === 0) return
    const locale = await findLocaleOf(tx, accountId, email)
    await postMail(tx, accountId, { recipient: email, locale }, 'order_links', {}, now)
  })
}
