import { writeFile } from 'node:fs/promises'
import { endLoad } from './http-load.ts'
import { openStorage } from './load.ts'
import { surroundings } from './machine.ts'
import { type Options, readOptions, usage } from './options.ts'
import { killAll } from './processes.ts'
import { describeSurroundings, tableOf } from './report.ts'
import { measureRow, type Outcome, type Row } from './rounds.ts'
import { rowsOf } from './rows/rows.ts'
import { openStage } from './stage.ts'

/** Progress goes to standard error, the report to standard output. */
function say(message: string): void {
  console.error(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${message}`)
}

async function bench(options: Options): Promise<void> {
  const storage = await openStorage(options, say)
  try {
    const found = await surroundings(storage.db, options.seed)
    const stage = await openStage(options, storage)
    const outcomes: Outcome[] = []
    try {
      for (const row of await rowsOf(stage)) {
        say(row.name)
        outcomes.push(await measureRow(row, options.rounds).catch((error: Error) => failed(row, error)))
      }
    } finally {
      await stage.stop()
    }
    console.log(`${describeSurroundings(found)}\n\n${tableOf(outcomes)}`)
    if (options.jsonFile) await writeFile(options.jsonFile, JSON.stringify({ ...found, options, outcomes }, null, 1))
  } finally {
    endLoad()
    await storage.leave()
  }
}

/** One row that can't be measured does not keep the others; the report says why, and the bench ends with 1. */
function failed({ group, name, shown }: Row, error: Error): Outcome {
  say(`could not measure: ${error.message}`)
  process.exitCode = 1
  return { group, name, shown, medians: {}, rounds: [], verdicts: [], problem: error.message }
}

try {
  await bench(optionsOrUsage(process.argv.slice(2)))
} finally {
  killAll()
}

function optionsOrUsage(words: string[]): Options {
  try {
    return readOptions(words)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}
