import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runChaos } from './run-chaos.ts'

/** The same as `npm run test:chaos`, shorter. CHAOS_SEED repeats what was planned in an earlier run. */

const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const folder = mkdtempSync(join(tmpdir(), 'foyer-chaos-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test(`whatever is killed, no ticket and no cent is lost (CHAOS_SEED=${seed})`, { timeout: 180_000 }, async (t) => {
  const report = await runChaos({
    folder,
    seed,
    checkouts: 300,
    atOnce: 12,
    openForMs: 20_000,
    say: (text) => t.diagnostic(text),
    signal: t.signal,
  })

  t.diagnostic(JSON.stringify(report))
  assert.deepEqual(report.broken, [])
  const { app, database, connection } = report.crashes
  assert.ok(app >= 2 && database + connection >= 1, 'too little was killed')
  assert.ok(report.orders >= 10, 'too little was sold')
})
