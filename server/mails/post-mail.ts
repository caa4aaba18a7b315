import { publicId } from '../platform/codes.ts'
import type { Db } from '../platform/database.ts'
import type { Locale } from '../platform/formats.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { MailDetails, MailKind, OrderMailKind } from './mail.ts'
import { insertMail, insertOrderMail } from './queries.ts'

/** The job that sends one mail, told `account_id` and `mail_id`. */
export const sendMailTask = 'send_mail'

/** Writes down, in the caller's transaction, that the order's buyer is to get a mail, and has it sent after the commit. */
export async function postOrderMail<Kind extends OrderMailKind>(
  tx: Db,
  accountId: number,
  orderId: number,
  kind: Kind,
  details: MailDetails[Kind],
  now: Date,
): Promise<void> {
  const mail = { publicId: publicId(), kind, details: { ...details }, createdAt: now }
  await send(tx, accountId, await insertOrderMail(tx, accountId, orderId, mail))
}

/** The same for a mail that is about no order. */
export async function postMail<Kind extends Exclude<MailKind, OrderMailKind>>(
  tx: Db,
  accountId: number,
  to: { recipient: string; locale: Locale },
  kind: Kind,
  details: MailDetails[Kind],
  now: Date,
): Promise<void> {
  const mail = { ...to, publicId: publicId(), kind, details: { ...details }, createdAt: now }
  await send(tx, accountId, await insertMail(tx, accountId, mail))
}

function send(tx: Db, accountId: number, mailId: number): Promise<void> {
  return addJob(tx, sendMailTask, { account_id: accountId, mail_id: mailId }, `mail ${accountId}/${mailId}`)
}
