import type { addressed } from './envelope.ts'

export type Addressed = ReturnType<typeof addressed>

/** What became of handing a mail over. `refused`: for good, by whoever keeps the recipient's mailbox. */
export type Handover = { status: 'accepted' } | { status: 'refused'; answer: string }

/** Hands mails to whoever brings them on their way. */
export interface PostOffice {
  /** Throws where it may work another time. */
  hand(mail: Addressed): Promise<Handover>
}

const connectMs = 15_000
const wholeMs = 60_000

/** Speaks SMTP to the server that `url` names, one connection a mail. Loaded with the first mail. */
export function smtpPostOffice(url: string): PostOffice {
  const options = { url, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: connectMs }
  return {
    async hand(mail) {
      const { createTransport } = await import('nodemailer')
      try {
        await createTransport(options).sendMail({ ...mail, signal: AbortSignal.timeout(wholeMs) })
        return { status: 'accepted' }
      } catch (error) {
        const answer = refusalIn(error)
        if (answer === undefined) throw error
        return { status: 'refused', answer }
      }
    },
  }
}

/**
 * The server's words, where it will not have this mail for this address today or any day. A 5xx to anything before that
 * (greeting, password, sender), and one that speaks of what we may do (5.7, RFC 3463: no relaying, a blocked network), is
 * the installation's own trouble: somebody mends it, and the mail goes then.
 */
function refusalIn(error: unknown): string | undefined {
  const { permanent, command, response } = error as { permanent?: boolean; command?: string; response?: string } // nodemailer's errors
  const isOurs = !/^(RCPT TO|DATA)$/.test(command ?? '') || /^5\d\d[ -]5\.7\./.test(response ?? '')
  return permanent && !isOurs ? (response ?? 'refused') : undefined
}

/** The whole message as it goes over the wire (RFC 5322). */
export async function writeMessage(mail: Addressed): Promise<Buffer> {
  const { createTransport } = await import('nodemailer')
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail(mail)
  return message as Buffer // it is one where `buffer` is set
}
