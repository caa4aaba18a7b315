import { setTimeout as sleep } from 'node:timers/promises'
import { killProgram, type Program, startProgram } from './programs.ts'

/** The server as an organiser's machine keeps it: whenever it ends, it is started again. */
export interface App {
  url: string
  isReady(): Promise<boolean>
  /** Kills it in the middle of whatever it does; it is started again at once. */
  kill(): Promise<void>
  /** Stops it well and starts it again with its clock ahead. */
  restart(aheadMs: number): Promise<void>
  stop(): Promise<void>
  /** Ends that nobody asked for, after it had been ready: with its last words. */
  ownEnds: string[]
  /** How often it was not gone half a minute after it was asked to stop. */
  slowStops(): number
}

export function openApp(port: number, env: Record<string, string>): App {
  const url = `http://127.0.0.1:${port}`
  const ownEnds: string[] = []
  let aheadMs = 0
  let slowStops = 0
  let wanted = true
  let isOurs = false
  let wasReady = false
  let program: Program = start()

  function start(): Program {
    const started = startProgram('server/main.ts', [], env, aheadMs === 0 ? undefined : clockAhead(aheadMs))
    isOurs = false
    wasReady = false
    void started.ended.then(async ({ code, signal }) => {
      if (!isOurs && wasReady) ownEnds.push(`ended with ${signal ?? code}:\n${started.lastWords()}`)
      if (!isOurs) await sleep(200)
      if (wanted) program = start()
    })
    return started
  }

  const isReady = async () => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (answer?.ok) wasReady = true
    return answer?.ok ?? false
  }
  const end = async () => {
    await until('the server is ready to be stopped', isReady)
    isOurs = true
    const ending = program
    ending.child.kill('SIGTERM')
    const killer = setTimeout(() => ending.child.kill('SIGKILL'), 30_000)
    const { code, signal } = await ending.ended
    clearTimeout(killer)
    if (signal === 'SIGKILL') slowStops++
    else if (code !== 0) ownEnds.push(`did not stop well (${code}):\n${ending.lastWords()}`)
  }
  return {
    url,
    ownEnds,
    slowStops: () => slowStops,
    isReady,
    kill: async () => {
      isOurs = true
      await killProgram(program)
    },
    restart: async (ahead) => {
      aheadMs = ahead
      await end()
    },
    stop: async () => {
      wanted = false
      await end()
    },
  }
}

function clockAhead(aheadMs: number): string {
  return `const D = Date; globalThis.Date = class extends D {
    constructor(...a) { if (a.length) super(...a); else super(D.now() + ${aheadMs}) }
    static now() { return D.now() + ${aheadMs} }
  }`
}

/** Waits until something is so; throws after `patienceMs`. */
export async function until(name: string, isSo: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${name}`)
    await sleep(50)
  }
}
