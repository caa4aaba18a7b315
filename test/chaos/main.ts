import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './run-chaos.ts'

/** `npm run test:chaos -- --checkouts 10000 --seed 7 --folder DIR`: stopped with Ctrl-C, it goes on with the same folder. */

const { values } = parseArgs({
  options: {
    checkouts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    folder: { type: 'string' },
    'at-once': { type: 'string', default: '32' },
  },
})
const folder = values.folder ?? join(tmpdir(), `foyer-chaos-${values.seed}`)
const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort(new Error('stopped')))
const say = (text: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

say(`everything is in ${folder}; the same command with --folder ${folder} goes on where it was stopped`)
try {
  const report = await runChaos({
    folder,
    seed: Number(values.seed),
    checkouts: Number(values.checkouts),
    atOnce: Number(values['at-once']),
    say,
    signal: stopping.signal,
  })
  console.log(JSON.stringify(report, null, 2))
  process.exitCode = report.broken.length === 0 ? 0 : 1
} catch (error) {
  say(stopping.signal.aborted ? 'stopped; it can be gone on with' : String((error as Error).stack))
  process.exitCode = 2
}
