import { setTimeout as sleep } from 'node:timers/promises'
import type { Deps } from '../config.ts'
import { findMail, updateMailEnded } from '../mails/queries.ts'
import { isDatabaseAway } from '../platform/database.ts'
import type { Attempt } from '../platform/jobs/run-jobs.ts'
import { composeLetter } from './compose-letter.ts'
import { addressed } from './envelope.ts'
import { Outdated } from './letter.ts'
import type { PostOffice } from './post-office.ts'
import { findShop } from './queries.ts'

/**
 * Sends one mail that waits, and notes what became of it. Without a post office it is kept. Throws where it may work
 * another time; after the last attempt it has failed.
 *
 * A crash before the other side's yes sends it later; a crash after it can send it twice, under one Message-ID.
 */
export async function sendMail(
  deps: Pick<Deps, 'db' | 'clock' | 'config'>,
  postOffice: PostOffice | undefined,
  mail: { accountId: number; id: number },
  attempt: Attempt,
): Promise<void> {
  const { db, clock, config } = deps
  const row = await findMail(db, mail.accountId, mail.id)
  if (row?.status !== 'waiting') return
  const end = (status: 'sent' | 'failed' | 'kept', problem?: string) =>
    updateMailEnded(db, mail.accountId, mail.id, { status, at: clock(), ...(problem && { problem }) })
  if (!postOffice) {
    await end('kept')
    return
  }
  try {
    const letter = await composeLetter(db, row, config.baseUrl)
    const shop = await findShop(db, mail.accountId)
    const outcome = await postOffice.hand(addressed(letter, row, shop, config))
    await patiently(() => (outcome.status === 'accepted' ? end('sent') : end('failed', outcome.answer)))
  } catch (error) {
    if (error instanceof Outdated) await end('failed', error.message)
    else if (attempt.isLast) await end('failed', (error as Error).message || 'unknown')
    else throw error
  }
}

/** What can't be noted is sent again: so a database that is away for a moment is waited for. */
async function patiently(note: () => Promise<unknown>): Promise<void> {
  for (const pauseMs of [100, 500, 2000, 5000, 15_000]) {
    try {
      await note()
      return
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      await sleep(pauseMs)
    }
  }
  await note()
}
