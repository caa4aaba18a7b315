import type { Row } from '../rounds.ts'
import { ask, latestEvent, type Stage } from '../stage.ts'

const shown = ['perSecond', 'p50Ms', 'p99Ms', 'serverCpuUs', 'postgresCpuUs']
const queries = {
  default: '',
  all_time: '&period=all_time',
  event_slug: `&period=all_time&event_slug=${latestEvent}`,
}

/** The orders list, held against the same as the customers list. */
export async function orderRows(stage: Stage): Promise<Row[]> {
  const floor = await stage.floor('order-lists')
  const { large, small } = stage.loaded
  return Object.entries(queries).map(([name, query]) => ({
    ...{ group: 'orders', name: `orders list, ${name}`, shown },
    bars: [
      { figure: 'perSecond', against: 'equal floor', atLeast: 0.8 },
      { figure: 'perSecond', against: 'page floor', atLeast: 0.5 },
      ...(name === 'default' ? [] : [{ figure: 'p50Ms', against: 'small account', atMost: 1.2 }]),
    ],
    contestants: [
      { name: 'foyer', measure: ask(stage, stage.foyer, large, `/admin/orders?limit=50${query}`) },
      { name: 'equal floor', measure: ask(stage, floor, large, `/equal/${name}`) },
      { name: 'page floor', measure: ask(stage, floor, large, `/page/${name}`) },
      { name: 'small account', measure: ask(stage, stage.foyer, small, `/admin/orders?limit=50${query}`) },
    ],
  }))
}

/** An event's page with its statistics. */
export async function eventRow(stage: Stage): Promise<Row> {
  const floor = await stage.floor('event-page')
  const { large, small } = stage.loaded
  const path = `/admin/events/${latestEvent}`
  return {
    ...{ group: 'event', name: 'event page', shown },
    bars: [
      { figure: 'perSecond', against: 'equal floor', atLeast: 0.8 },
      { figure: 'p50Ms', against: 'small account', atMost: 1.2 },
    ],
    contestants: [
      { name: 'foyer', measure: ask(stage, stage.foyer, large, path) },
      { name: 'equal floor', measure: ask(stage, floor, large, `/${latestEvent}`) },
      { name: 'small account', measure: ask(stage, stage.foyer, small, path) },
    ],
  }
}
