import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { buildApp } from './app.ts'
import { reconcileOpenPayments } from './checkout/reconcile-payment.ts'
import { catchUpOnNotices } from './checkout/stripe-news.ts'
import { type Config, readConfig } from './config.ts'
import { openInstallation } from './installation.ts'
import { mailTasks } from './letters/tasks.ts'
import { deleteOldMails } from './mails/queries.ts'
import { resumeRefunds } from './orders/resume-refunds.ts'
import { listAccountsWithLockedKeys } from './payments/providers.ts'
import { foldDailyTotals } from './platform/daily-totals.ts'
import type { Pool } from './platform/database.ts'
import { deleteOldKeys } from './platform/http/idempotency.ts'
import { startJobs } from './platform/jobs/run-jobs.ts'
import type { Clock } from './platform/time.ts'
import { reportFailure, stopOnSignals, systemClock } from './process.ts'

export interface Server {
  db: Pool
  clock: Clock
  port: number
  /** Ends: no new requests, the running ones answered, the database left. */
  stop(): Promise<void>
}

const foldEveryMs = 2000
const resumeEveryMs = 30_000
/** Most of what came while nobody listened is told again by then. */
const catchUpAfterMs = 5000
const forgetEveryMs = 3_600_000

/** Opens the database, listens, and keeps the daily totals folded. `isReady` is what `/readyz` answers by. */
export async function startServer(config: Config, clock: Clock, isReady: () => boolean = () => true): Promise<Server> {
  const log = pino({ level: config.logLevel })
  const installation = await openInstallation(config, (message) => log.info(message), { keepsAlive: true })
  const { db } = installation
  const app = await buildApp({ ...installation, clock, config, log, isReady })
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await installation.close()
    throw error
  }
  const reportStuck = (error: unknown) =>
    log.warn(
      { name: (error as Error).name, code: (error as { code?: string }).code },
      'a payment could not be asked about',
    )
  const till = { db, config, clock }
  const reportLocked = ({ subdomain }: { subdomain: string }) =>
    log.error(
      { account: subdomain },
      "this account's Stripe keys were sealed with another SECRET_KEY: it takes no money by Stripe until Foyer is " +
        'started with that one, or the keys are set anew in its settings',
    )
  listAccountsWithLockedKeys(db, config).then((locked) => locked.forEach(reportLocked), reportStuck)
  /** Soon, as a crash may have left something to do, and then again and again, one at a time. */
  const every = (ms: number, name: string, job: () => Promise<unknown>, firstMs = 0) => {
    let isRunning = false
    const run = async () => {
      if (isRunning) return
      isRunning = true
      await job().catch((error: unknown) =>
        log.warn({ job: name, code: (error as { code?: string }).code }, 'a job failed and will be tried again'),
      )
      isRunning = false
    }
    return [setTimeout(run, firstMs), setInterval(run, ms)]
  }
  if (config.smtpUrl === undefined) log.info('SMTP_URL is not set: mails are kept, not sent')
  const queue = startJobs(db, mailTasks(till), (news, message) => log.warn(news, message))
  const timers = [
    every(foldEveryMs, 'fold the daily totals', () => foldDailyTotals(db)),
    every(resumeEveryMs, 'resume refunds', () => resumeRefunds(db, clock(), config, reportStuck)),
    every(resumeEveryMs, 'reconcile payments', () => reconcileOpenPayments(till, reportStuck)),
    every(resumeEveryMs, 'catch up on notices', () => catchUpOnNotices(till, reportStuck), catchUpAfterMs),
    every(forgetEveryMs, 'forget old idempotency keys', () => deleteOldKeys(db, clock())),
    every(forgetEveryMs, 'forget old mails', () => deleteOldMails(db, clock())),
  ]
  const stop = async () => {
    for (const timer of timers.flat()) clearInterval(timer)
    await app.close()
    await queue.stop()
    await installation.close()
  }
  return { db, clock, port: (app.server.address() as AddressInfo).port, stop } // listening on TCP: never a path
}

if (import.meta.main) {
  try {
    const config = readConfig(process.env)
    const server = await startServer(config, systemClock)
    stopOnSignals(server.stop)
  } catch (error) {
    reportFailure(error)
  }
}
