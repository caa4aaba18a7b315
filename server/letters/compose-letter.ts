import type { MailRow } from '../mails/queries.ts'
import type { Db } from '../platform/database.ts'
import { composeAccountLetter } from './account-letters.ts'
import type { Letter } from './letter.ts'
import { composeOrderLetter } from './order-letters.ts'

/** The mail in words, as things stand now. Throws Outdated where nothing is left to tell. */
export function composeLetter(db: Db, mail: MailRow, baseUrl: string): Promise<Letter> {
  return mail.orderId === null ? composeAccountLetter(db, mail, baseUrl) : composeOrderLetter(db, mail, baseUrl)
}
