import { setTimeout as sleep } from 'node:timers/promises'
import { openPool, type Pool } from '../../server/platform/database.ts'
import { joinEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts'
import { until } from './app.ts'
import type { Stage } from './stage.ts'

const sessionsEndAfterMs = 45 * 60_000
const patienceOfJobsMs = 2 * 60_000
const mostRounds = 12
const catchUpMs = 7000

/**
 * The dust settles: the bank makes no more mistakes, and the server runs undisturbed until its jobs have nothing left to
 * do. Nobody waits for that in real time: both clocks are put ahead.
 */
export async function settle(stage: Stage, say: (text: string) => void): Promise<void> {
  const { app, bank, dataDir } = stage
  await bank.clearFaults()
  await bank.advance(sessionsEndAfterMs / 1000)
  for (let round = 1; ; round++) {
    await bank.advance(patienceOfJobsMs / 1000)
    await app.restart(sessionsEndAfterMs + round * patienceOfJobsMs)
    await until('the server is ready', app.isReady)
    await bank.settled()
    // Until it has asked for news that never came, and looked at all of them.
    await sleep(catchUpMs)
    const open = await withDatabase(dataDir, untilQuiet)
    say(`settling, round ${round}: ${JSON.stringify(open)}`)
    if (isQuiet(open)) return
    if (round === mostRounds)
      throw new Error(`The dust does not settle: ${JSON.stringify(open)}\n${app.ownEnds.join()}`)
  }
}

export async function withDatabase<T>(dataDir: string, act: (db: Pool) => Promise<T>): Promise<T> {
  const { url, leave } = await joinEmbeddedPostgres(dataDir, () => {})
  const db = openPool(url, { max: 2 })
  try {
    return await act(db)
  } finally {
    await db.end({ timeout: 5 })
    await leave()
  }
}

interface Open {
  payments: number
  refunds: number
  notices: number
}

const isQuiet = ({ payments, refunds, notices }: Open) => payments + refunds + notices === 0

async function untilQuiet(db: Pool): Promise<Open> {
  let open = await countOpen(db)
  let changedAt = performance.now()
  while (!isQuiet(open) && performance.now() - changedAt < 4000) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const now = await countOpen(db)
    if (JSON.stringify(now) !== JSON.stringify(open)) changedAt = performance.now()
    open = now
  }
  return open
}

async function countOpen(db: Pool): Promise<Open> {
  const [row] = await db<[Open]>`
    select (select count(*)::integer from payments where status in ('started', 'pending', 'returning')) as payments,
           (select count(*)::integer from refunds where status = 'pending') as refunds,
           (select count(*)::integer from stripe_events where processed_at is null) as notices`
  return row
}
