import { setTimeout as sleep } from 'node:timers/promises'
import { memoryOf, startFoyer } from '../processes.ts'
import type { Row } from '../rounds.ts'
import type { Stage } from '../stage.ts'

/** Long enough for everything that is loaded at start to have been loaded. */
const settleMs = 1500

/** Starting on the loaded database, and what the process keeps in memory while nobody asks. */
export function startRow(stage: Stage): Row {
  const measure = async () => {
    const begun = performance.now()
    const own = await startFoyer(stage.storage.url)
    const readyMs = performance.now() - begun
    await sleep(settleMs)
    const { restMb } = memoryOf(own.pid)
    await own.stop()
    return { readyMs, restMb }
  }
  return {
    ...{ group: 'start', name: 'start until /readyz, and memory at rest', shown: ['readyMs', 'restMb'] },
    bars: [
      { figure: 'readyMs', atMost: 2000 },
      { figure: 'restMb', atMost: 200 },
    ],
    contestants: [{ name: 'foyer', measure }],
  }
}
