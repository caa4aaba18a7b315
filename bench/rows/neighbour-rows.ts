import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { putLoad } from '../http-load.ts'
import type { NeighbourTask } from '../neighbours.ts'
import type { Figures, Row } from '../rounds.ts'
import { headersOf, type Stage } from '../stage.ts'
import { searchPath } from './search-rows.ts'

const script = fileURLToPath(new URL('../neighbours.ts', import.meta.url))
const connections = 4

/** Another account's list while the large account keeps the server busy, and while its place is taken by `SELECT 1`. */
export function neighbourRow(stage: Stage): Row {
  const { foyer, loaded, storage, options } = stage
  const account = loaded.beside[0] ?? loaded.small
  const search = foyer.url + searchPath('many')
  const busy: NeighbourTask[] = [
    { url: search, headers: headersOf(loaded.large) },
    { url: search, headers: headersOf(loaded.large) },
    { url: `${foyer.url}/admin/customers?period=all_time`, headers: headersOf(loaded.large) },
  ]
  const measureBeside = (tasks: NeighbourTask[]) => async (): Promise<Figures> => {
    const neighbours = fork(script)
    neighbours.send(tasks)
    await once(neighbours, 'message')
    const url = `${foyer.url}/admin/customers?limit=50&period=all_time`
    const load = { url, connections, seconds: options.seconds * 2, headers: headersOf(account) }
    const measured = await putLoad(load).finally(() => neighbours.kill())
    if (neighbours.exitCode !== null) throw new Error('a neighbour gave up')
    const { perSecond, p50Ms, p95Ms } = measured
    return { perSecond, p50Ms, p95Ms }
  }
  return {
    group: 'neighbour',
    name: "another account's list beside a busy one",
    shown: ['perSecond', 'p50Ms', 'p95Ms'],
    bars: [{ figure: 'p95Ms', against: 'select 1', atMost: 2 }],
    contestants: [
      { name: 'foyer', measure: measureBeside(busy) },
      { name: 'select 1', measure: measureBeside(busy.map(() => ({ databaseUrl: storage.url }))) },
    ],
  }
}
