import { orderCount } from '../order-lines.ts'
import type { Row } from '../rounds.ts'
import type { Stage } from '../stage.ts'

/** What was measured while the database was filled: an import can't be done twice. */
export function importRow(stage: Stage): Row {
  const { large } = stage.loaded
  return {
    group: 'import',
    name: `foyer import orders, ${orderCount(large.customers).toLocaleString('en')} lines`,
    shown: ['linesPerSecond', 'peakMb', 'serverCpuUs', 'postgresCpuUs'],
    bars: [
      { figure: 'linesPerSecond', atLeast: 10_000 },
      { figure: 'peakMb', atMost: 300 },
    ],
    contestants: [{ name: 'foyer', measure: async () => large.imported }],
    isSingle: true,
  }
}
