import type { Config } from '../config.ts'
import type { MailRow } from '../mails/queries.ts'
import { oneLine } from '../platform/formats.ts'
import type { Letter } from './letter.ts'

/**
 * The letter as nodemailer takes it. The Message-ID is the row's: whoever gets the mail twice, after a crash between the
 * other side's yes and our note of it, can tell, and mail programs show one.
 */
export function addressed(
  letter: Letter,
  mail: MailRow,
  accountName: string,
  config: Pick<Config, 'baseUrl' | 'mailFrom'>,
) {
  const host = new URL(config.baseUrl).hostname
  return {
    from: { name: oneLine(accountName), address: config.mailFrom ?? `no-reply@${host}` },
    to: { name: '', address: mail.recipient },
    subject: oneLine(letter.subject),
    messageId: `<${mail.publicId}@${host}>`,
    date: new Date(mail.createdAt),
    text: letter.text,
    attachments: letter.attachments,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
