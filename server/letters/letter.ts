import type { MailRow } from '../mails/queries.ts'
import type { Words } from './phrases.ts'
import { wordsOf } from './words.ts'

/** A mail in words, ready to be sent. */
export interface Letter {
  subject: string
  /** Plain text. */
  text: string
  attachments: Attachment[]
}

interface Attachment {
  filename: string
  contentType: string
  content: Buffer | string
}

/** There is nothing to tell any more: what the mail was about has changed before it was sent. */
export class Outdated extends Error {}

/** Who is writing, for the mail's end. */
export interface Sender {
  accountName: string
  imprint: string | null
}

/** Puts the paragraphs together, empty ones left out, and ends with who is writing. */
export function writeText(paragraphs: (string | null)[], { accountName, imprint }: Sender): string {
  const body = paragraphs.filter((paragraph) => paragraph?.trim())
  return `${[...body, `-- \n${accountName}`, imprint?.trim() ?? ''].filter(Boolean).join('\n\n')}\n`
}

export const wordsFor = (mail: MailRow): Words => wordsOf(mail.locale)

/**
 * The name to greet the buyer by; none where it looks like a link: anybody can type anything as a name and somebody
 * else's address beside it, and mail programs would make it one.
 */
export function greetingName(name: string): string {
  return name.length > 80 || /:\/\/|www\.|@|\.\p{L}{2}/iu.test(name) ? '' : name
}
