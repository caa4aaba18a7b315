import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** What the double answers at a step: undefined lets it pass; an SMTP code such as 450, or one with words behind it. */
type Answer = number | string | undefined

export interface Manners {
  sender?: (address: string) => Answer
  recipient?: (address: string) => Answer
  /** Once the mail has been read whole; may wait. */
  message?: (mail: ParsedMail) => Answer | Promise<Answer>
}

export interface SmtpDouble {
  url: string
  /** Mails that were accepted, in order. */
  mails: ParsedMail[]
  manners: Manners
  /** Resolves with the mails when there are as many. */
  received(count: number): Promise<ParsedMail[]>
  goDown(): Promise<void>
  comeUp(): Promise<void>
}

const patienceMs = 20_000

/** A real SMTP server for one test file, that keeps what it is handed. */
export async function startSmtpDouble(): Promise<SmtpDouble> {
  let server = open()
  let port = 0
  const waiting = new Set<() => void>()
  const double: SmtpDouble = {
    url: '',
    mails: [],
    manners: {},
    async received(count) {
      const deadline = AbortSignal.timeout(patienceMs)
      while (double.mails.length < count) {
        await new Promise<void>((resolve, reject) => {
          waiting.add(resolve)
          deadline.addEventListener('abort', () => reject(new Error(`${double.mails.length} mails came, not ${count}`)))
        })
      }
      return double.mails
    },
    goDown: () => new Promise((resolve) => server.close(resolve)),
    async comeUp() {
      server = open()
      server.listen(port, '127.0.0.1')
      await once(server.server, 'listening')
    },
  }
  await double.comeUp()
  port = (server.server.address() as AddressInfo).port // listening on TCP: never a path
  double.url = `smtp://127.0.0.1:${port}`
  after(() => double.goDown())
  return double

  function open(): SMTPServer {
    return new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onMailFrom: ({ address }, _session, done) => done(refusal(double.manners.sender?.(address))),
      onRcptTo: ({ address }, _session, done) => done(refusal(double.manners.recipient?.(address))),
      onData: (stream, _session, done) => {
        simpleParser(stream)
          .then(async (mail) => {
            const refused = refusal(await double.manners.message?.(mail))
            if (!refused) double.mails.push(mail)
            done(refused)
            for (const tell of waiting) tell()
            waiting.clear()
          })
          .catch(done)
      },
    }).on('error', () => {}) // a client that dies in the middle is part of the play
  }
}

function refusal(answer: Answer): Error | null {
  if (answer === undefined) return null
  const [code = '', ...words] = String(answer).split(' ')
  const message = words.join(' ') || 'Refused by the double'
  return Object.assign(new Error(message), { responseCode: Number(code) })
}
