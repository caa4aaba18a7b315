import { shopUrl } from '../accounts/shop-address.ts'
import type { Config } from '../config.ts'
import type { MailRow } from '../mails/queries.ts'
import { oneLine } from '../platform/formats.ts'
import type { Letter } from './letter.ts'
import { writeHtml } from './letter-html.ts'
import type { ShopRow } from './queries.ts'

/**
 * The letter as nodemailer takes it. The Message-ID is the row's: whoever gets the mail twice, after a crash between the
 * other side's yes and our note of it, can tell, and mail programs show one.
 */
export function addressed(
  letter: Letter,
  mail: MailRow,
  shop: ShopRow,
  { baseUrl, mailFrom }: Pick<Config, 'baseUrl' | 'mailFrom'>,
) {
  const host = new URL(baseUrl).hostname
  return {
    from: { name: oneLine(shop.accountName), address: mailFrom ?? `no-reply@${host}` },
    to: { name: '', address: mail.recipient },
    subject: oneLine(letter.subject),
    messageId: `<${mail.publicId}@${host}>`,
    date: new Date(mail.createdAt),
    text: letter.text,
    html: writeHtml(letter.text, mail.locale, shopUrl(baseUrl, shop.subdomain)).text,
    attachments: letter.attachments,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
