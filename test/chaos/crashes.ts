import { setTimeout as sleep } from 'node:timers/promises'
import { drawShare } from '../../bench/seeded.ts'
import type { FakeStripeControls } from '../support/fakestripe/client.ts'
import { killPostgres } from './postgres-killer.ts'
import type { Stage } from './stage.ts'

export interface Crashes {
  app: number
  database: number
  connection: number
}

const longestStartMs = 15_000
/** On a busy machine people must get somewhere between two kills, or nothing would ever be there to lose. */
const fewestAnswers = 8

/**
 * Kills the server and, in turn, its PostgreSQL, every one to three seconds, until `signal`. Four times of five the server
 * is up and has answered a few when its turn comes, and once it may still be starting; one in four times only a
 * connection of PostgreSQL dies, and with it all of them. `countAnswers` says how many were answered so far.
 */
export async function crashInTurn(
  stage: Stage,
  crashes: Crashes,
  countAnswers: () => number,
  signal: AbortSignal,
): Promise<void> {
  const { app, dataDir, scene } = stage
  const begun = crashes.app + crashes.database + crashes.connection
  for (let turn = begun; !signal.aborted; turn++) {
    const share = (purpose: number) => drawShare(scene.seed, turn, 100 + purpose)
    await sleep(1000 + 2000 * share(1), undefined, { signal }).catch(() => {})
    if (share(2) < 0.8) await untilOfUse(stage, countAnswers, signal)
    if (signal.aborted) return
    if (turn % 2 === 0) {
      await app.kill()
      crashes.app++
      continue
    }
    const victim = share(3) < 0.25 ? 'connection' : 'server'
    if (killPostgres(dataDir, victim, Math.floor(share(4) * 1000)))
      crashes[victim === 'server' ? 'database' : 'connection']++
  }
}

async function untilOfUse({ app }: Stage, countAnswers: () => number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + longestStartMs
  const enough = countAnswers() + fewestAnswers
  const isGoing = () => !signal.aborted && performance.now() < deadline
  while (isGoing() && !(await app.isReady())) await sleep(50)
  while (isGoing() && countAnswers() < enough) await sleep(50)
}

/** What goes wrong between the server and the bank, for as long as the bank lives. */
export async function scriptFaults(bank: FakeStripeControls): Promise<void> {
  const always = { times: null }
  await bank.script({
    faults: [
      { kind: 'rate_limit', every: 41, ...always },
      { kind: 'error_before', every: 37, ...always },
      { kind: 'error_after', method: 'POST', every: 31, ...always },
      { kind: 'error_after_forgotten', method: 'POST', every: 29, ...always },
      { kind: 'reset_before', every: 43, ...always },
      { kind: 'reset_after', method: 'POST', every: 23, ...always },
      { kind: 'half_body', every: 47, ...always },
      { kind: 'latency', latencyMs: 300, every: 7, ...always },
    ],
    notices: [
      { plan: 'drop', every: 5, ...always },
      { plan: 'double', every: 4, ...always },
      { plan: 'after_next', every: 7, ...always },
      { plan: 1500, every: 6, ...always },
    ],
  })
}
