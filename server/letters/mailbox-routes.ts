import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Config, Deps } from '../config.ts'
import { findMailByPublicId, listLatestMails } from '../mails/queries.ts'
import { notFound } from '../platform/refusal.ts'
import { composeLetter } from './compose-letter.ts'
import { addressed } from './envelope.ts'
import { Outdated } from './letter.ts'
import { mailboxPage, mailPage } from './mailbox-pages.ts'
import { writeMessage } from './post-office.ts'
import { findShop } from './queries.ts'

const MailParams = Type.Object({ id: Type.String() })
const FileParams = Type.Object({ id: Type.String(), name: Type.String() })
const shown = 200

/**
 * Whether everybody may read the mails. They hold personal data and the way to tickets: so only while nobody sends mails
 * and tickets can be had without money, which no real box office does.
 */
export function isMailboxOpen({ smtpUrl, testPayments }: Config): boolean {
  return smtpUrl === undefined && testPayments
}

/** The mails that nobody sends, for whoever tries Foyer out. */
export const mailboxRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  app.addHook('onRequest', async (_request, reply) => {
    if (!isMailboxOpen(config)) throw notFound()
    reply.header('cache-control', 'no-store')
  })

  app.get('/dev/mail', { schema: { hide: true } }, async (_request, reply) => {
    reply.type('text/html; charset=utf-8')
    return mailboxPage(await listLatestMails(db, shown))
  })

  /** The mail as it would be sent now. */
  const readMail = async (publicId: string) => {
    const mail = await findMailByPublicId(db, publicId)
    if (!mail) throw notFound()
    const letter = await composeLetter(db, mail, config.baseUrl).catch((error: unknown) => {
      if (error instanceof Outdated) throw notFound()
      throw error
    })
    const shop = await findShop(db, mail.accountId)
    return { mail, message: addressed(letter, mail, shop, config) }
  }

  app.get('/dev/mail/:id', { schema: { params: MailParams, hide: true } }, async (request, reply) => {
    const { mail, message } = await readMail(request.params.id)
    reply.type('text/html; charset=utf-8')
    return mailPage(mail, message)
  })

  app.get('/dev/mail/:id/files/:name', { schema: { params: FileParams, hide: true } }, async (request, reply) => {
    const { message } = await readMail(request.params.id)
    const file = message.attachments.find(({ filename }) => filename === request.params.name)
    if (!file) throw notFound()
    return reply.type(file.contentType).send(file.content)
  })

  app.get('/dev/mail/:id/message', { schema: { params: MailParams, hide: true } }, async (request, reply) => {
    const { message } = await readMail(request.params.id)
    reply.type('message/rfc822').header('content-disposition', 'attachment; filename="mail.eml"')
    return writeMessage(message)
  })
}
