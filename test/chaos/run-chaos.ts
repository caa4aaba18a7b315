import { join } from 'node:path'
import { buy, type Market } from './buyer.ts'
import { type Crashes, crashInTurn, scriptFaults } from './crashes.ts'
import { openNotebook } from './notebook.ts'
import { patientClient } from './patient-client.ts'
import { planOf } from './plan.ts'
import { settle } from './settle.ts'
import { giveBack } from './staff.ts'
import { holdMs, openStage, type Stage } from './stage.ts'
import { type Figures, judge } from './verdict.ts'

export interface ChaosOptions {
  /** Keeps everything; one that holds an earlier run goes on with that, whatever seed and number it was begun with. */
  folder: string
  seed: number
  checkouts: number
  atOnce: number
  /** Nobody new comes, and nothing is killed, after that long; undefined: all come. */
  openForMs?: number
  say: (text: string) => void
  /** Ends the run early; it can be gone on with. */
  signal: AbortSignal
}

export interface ChaosReport extends Figures {
  broken: string[]
  ends: Record<string, number>
  crashes: Crashes
  slowStops: number
  requests: { asked: number; unanswered: number; unavailable: number }
}

/** Buyers buy, people refund, everything is killed again and again; then the dust settles and the books are compared. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { folder, say, signal } = options
  const stage = await openStage(folder, options, signal)
  try {
    const notebook = openNotebook(join(folder, 'notebook.ndjson'))
    const client = patientClient(stage.app.url, signal)
    const { events, token } = stage.scene
    const market: Market = { client, bank: stage.bank, notebook, events, token, holdMs, signal }
    const crashes = { app: 0, database: 0, connection: 0 }
    await sellInChaos(stage, market, crashes, options)
    await settle(stage, say)
    const { broken, figures } = await judge(stage, notebook.notes)
    const ends = countEnds(market)
    return {
      ...figures,
      broken: [...client.bugs, ...broken],
      ends,
      crashes,
      slowStops: stage.app.slowStops(),
      requests: client.counts,
    }
  } finally {
    await stage.close()
  }
}

async function sellInChaos(stage: Stage, market: Market, crashes: Crashes, options: ChaosOptions): Promise<void> {
  const { say, signal, atOnce } = options
  const over = new AbortController()
  const { seed, checkouts } = stage.scene
  const hasEnded = new Set(market.notebook.notes.flatMap((note) => (note.kind === 'end' ? [note.buyer] : [])))
  const queue = Array.from({ length: checkouts }, (_, buyer) => buyer).filter((buyer) => !hasEnded.has(buyer))
  say(`seed ${seed}: ${queue.length} of ${checkouts} checkouts to go`)
  await stage.bank.clearFaults()
  await scriptFaults(stage.bank)
  const begun = performance.now()
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000)
    const done = countEnds(market)
    say(`${seconds} s, ${queue.length} to go, killed ${JSON.stringify(crashes)}, ${JSON.stringify(done)}`)
  }, 10_000)
  const { counts } = market.client
  const countAnswers = () => counts.asked - counts.unanswered - counts.unavailable
  const killing = crashInTurn(stage, crashes, countAnswers, AbortSignal.any([signal, over.signal]))
  const closing = setTimeout(() => over.abort(), options.openForMs ?? 2 ** 31 - 1)
  const isOpen = () => performance.now() - begun < (options.openForMs ?? Number.POSITIVE_INFINITY)
  const person = async () => {
    for (let buyer = queue.shift(); buyer !== undefined && isOpen(); buyer = queue.shift())
      await serve(market, seed, buyer)
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, person))
  } finally {
    clearInterval(progress)
    clearTimeout(closing)
    over.abort()
    await killing
  }
}

async function serve(market: Market, seed: number, buyer: number): Promise<void> {
  const plan = planOf(seed, buyer)
  const { how, bought } = await buy(market, buyer, plan)
  if (bought) await giveBack(market, buyer, bought, plan.staff)
  market.notebook.write({ kind: 'end', buyer, how })
}

function countEnds({ notebook }: Market): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const note of notebook.notes) if (note.kind === 'end') counts[note.how] = (counts[note.how] ?? 0) + 1
  return counts
}
