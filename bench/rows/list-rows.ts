import type { LoadedAccount } from '../load.ts'
import type { Row } from '../rounds.ts'
import { ask, latestEvent, read, type Stage } from '../stage.ts'

const shown = ['perSecond', 'p50Ms', 'p99Ms', 'serverCpuUs', 'postgresCpuUs']
const limit = 'limit=50'
const queries = {
  default: '',
  all_time: '&period=all_time',
  event_slug: `&period=all_time&event_slug=${latestEvent}`,
  marketing_only: '&period=all_time&marketing_only=1',
  combined: `&period=this_year&event_slug=${latestEvent}&marketing_only=1`,
}

/** Plain figures: a page of the list, and the last page of all. */
export function plainListRows(stage: Stage, account: LoadedAccount): Row[] {
  const { foyer } = stage
  const size = `${account.customers.toLocaleString('en')} customers`
  const deepPage = lastPage(stage, account)
  return [
    {
      ...{ group: 'list', name: `list, ${size}`, shown, bars: [] },
      contestants: [{ name: 'foyer', measure: ask(stage, foyer, account, '/admin/customers?limit=50') }],
    },
    {
      ...{ group: 'list', name: `last page (${account.customers / 50}), ${size}`, shown, bars: [] },
      contestants: [{ name: 'foyer', measure: async () => ask(stage, foyer, account, await deepPage())() }],
    },
  ]
}

/** Each filter beside a server that does the same reads, and one that reads the page alone. */
export async function listRows(stage: Stage): Promise<Row[]> {
  const floor = await stage.floor('customer-lists')
  return Object.entries(queries).map(([name, query]) => ({
    ...{ group: 'list', name: `list, ${name}`, shown },
    bars: [
      { figure: 'perSecond', against: 'equal floor', atLeast: 0.8 },
      { figure: 'perSecond', against: 'page floor', atLeast: 0.5 },
    ],
    contestants: [
      { name: 'foyer', measure: ask(stage, stage.foyer, stage.loaded.large, `/admin/customers?${limit}${query}`) },
      { name: 'equal floor', measure: ask(stage, floor, stage.loaded.large, `/equal/${name}`) },
      { name: 'page floor', measure: ask(stage, floor, stage.loaded.large, `/page/${name}`) },
    ],
  }))
}

/** The same page in the large and in the small account, and far down as at the top. */
export function flatRows(stage: Stage): Row[] {
  const { foyer, loaded } = stage
  const deepPage = lastPage(stage, loaded.large)
  const first = `/admin/customers?${limit}${queries.all_time}`
  const bars = [{ figure: 'p50Ms', against: 'small account', atMost: 1.2 }]
  const bySize = (['all_time', 'event_slug', 'marketing_only'] as const).map((name): Row => {
    const path = `/admin/customers?${limit}${queries[name]}`
    return {
      ...{ group: 'flat', name: `list, ${name}, large against 1,000 customers`, shown, bars },
      contestants: [
        { name: 'foyer', measure: ask(stage, foyer, loaded.large, path) },
        { name: 'small account', measure: ask(stage, foyer, loaded.small, path) },
      ],
    }
  })
  const deep: Row = {
    ...{ group: 'flat', name: `page ${(loaded.large.customers / 50).toLocaleString('en')} against page 1`, shown },
    bars: [{ figure: 'p50Ms', against: 'page 1', atMost: 1.2 }],
    contestants: [
      { name: 'foyer', measure: async () => ask(stage, foyer, loaded.large, await deepPage())() },
      { name: 'page 1', measure: ask(stage, foyer, loaded.large, first) },
    ],
  }
  return [...bySize, deep]
}

/** The path of the list's last page, found as a client finds it: by walking there, once. */
function lastPage(stage: Stage, account: LoadedAccount): () => Promise<string> {
  let path: Promise<string> | undefined
  const walk = async () => {
    let next = ''
    for (let left = account.customers - 50; left > 0; left -= left >= 100 ? 100 : 50) {
      const size = left >= 100 ? 100 : 50
      const query = `limit=${size}${queries.all_time}${next && `&page=${next}`}`
      next = (await read(stage.foyer, account, `/admin/customers?${query}`)).pagination.next_page
    }
    return `/admin/customers?${limit}${queries.all_time}&page=${next}`
  }
  return () => {
    path ??= walk()
    return path
  }
}
