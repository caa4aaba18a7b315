import { once } from 'node:events'
import postgres from 'postgres'
import type { LoadedAccount } from '../load.ts'
import { memoryOf, type Started, startFoyer } from '../processes.ts'
import type { Figures, Row } from '../rounds.ts'
import { readThrough, type Stage } from '../stage.ts'

const shown = ['rowsPerSecond', 'peakMb']

/** The complete list by a server of its own, so that its memory is this row's alone. */
export function plainCompleteRow(stage: Stage, account: LoadedAccount): Row {
  let own: Started | undefined
  const measure = async (): Promise<Figures> => {
    if (!own) throw new Error('measured before begin()')
    const begun = performance.now()
    const end = await readThrough(own, account, '/admin/customers?period=all_time')
    const seconds = (performance.now() - begun) / 1000
    const rows = Number(/"total_count":(\d+),"limit":null/.exec(end)?.[1])
    if (!(rows >= account.customers)) throw new Error(`the complete list ends with ${end}`)
    return { rowsPerSecond: rows / seconds, peakMb: memoryOf(own.pid).peakMb }
  }
  return {
    ...{ group: 'complete', name: `complete list, ${account.customers.toLocaleString('en')} customers`, shown },
    bars: [],
    contestants: [{ name: 'foyer', measure }],
    begin: async () => {
      own = await startFoyer(stage.storage.url)
    },
    end: async () => own?.stop(),
  }
}

export function completeRow(stage: Stage): Row {
  const { large } = stage.loaded
  const plain = plainCompleteRow(stage, large)
  return {
    ...plain,
    bars: [
      { figure: 'rowsPerSecond', against: 'copy', atLeast: 0.3 },
      { figure: 'peakMb', atMost: 250 },
    ],
    contestants: [...plain.contestants, { name: 'copy', measure: () => copyOut(stage.storage.url, large) }],
  }
}

/** The floor: the same eight columns in the same order, as PostgreSQL itself writes them out. */
async function copyOut(url: string, account: LoadedAccount): Promise<Figures> {
  const sql = postgres(url, { max: 1 })
  const begun = performance.now()
  const stream = await sql
    .unsafe(
      `copy (
        select id, email, name, company, total_spent_minor, marketing_consent_at is not null, marketing_consent_at, created_at
        from customers where account_id = ${account.id} order by created_at desc, id desc
      ) to stdout`,
    )
    .readable()
  stream.resume()
  await once(stream, 'end')
  const seconds = (performance.now() - begun) / 1000
  await sql.end()
  return { rowsPerSecond: account.customers / seconds }
}
