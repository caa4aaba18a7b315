import type { Deps } from '../config.ts'
import { sendMailTask } from '../mails/post-mail.ts'
import type { Tasks } from '../platform/jobs/run-jobs.ts'
import { smtpPostOffice } from './post-office.ts'
import { sendMail } from './send-mail.ts'
import { sendOrderLinks, sendOrderLinksTask } from './send-order-links.ts'

/** The jobs that mail is made of. */
export function mailTasks(deps: Pick<Deps, 'db' | 'clock' | 'config'>): Tasks {
  const { smtpUrl } = deps.config
  const postOffice = smtpUrl === undefined ? undefined : smtpPostOffice(smtpUrl)
  return {
    [sendMailTask]: (payload, attempt) =>
      sendMail(deps, postOffice, { accountId: Number(payload.account_id), id: Number(payload.mail_id) }, attempt),
    [sendOrderLinksTask]: (payload) =>
      sendOrderLinks(deps.db, Number(payload.account_id), String(payload.email), deps.clock()),
  }
}
