import { once } from 'node:events'
import { get } from 'node:http'
import { meterOf } from './cpu-time.ts'
import { putLoad } from './http-load.ts'
import type { Loaded, LoadedAccount, Storage } from './load.ts'
import type { Options } from './options.ts'
import { eventCount, eventSlug } from './order-lines.ts'
import { type Started, startFoyer, startProcess } from './processes.ts'
import type { Figures } from './rounds.ts'

/** Everything that rows measure with: the database, Foyer, the floors, the load tool. */
export interface Stage {
  options: Options
  storage: Storage
  loaded: Loaded
  foyer: Started
  /** A process of the database. */
  backendPid: number
  /** The floor of that name in `floors/`, for the large account; started when first asked for. */
  floor(name: string): Promise<Started>
  stop(): Promise<void>
}

/** The latest event: it has the most orders, and some of this month. */
export const latestEvent = eventSlug(eventCount - 1)

export async function openStage(options: Options, storage: Storage): Promise<Stage> {
  const foyer = await startFoyer(storage.url)
  const [{ pid: backendPid }] = await storage.db<[{ pid: number }]>`select pg_backend_pid() as pid`
  const floors = new Map<string, Promise<Started>>()
  const start = (name: string) =>
    startProcess(`bench/floors/${name}.ts`, {
      DATABASE_URL: storage.url,
      ACCOUNT_ID: String(storage.loaded.large.id),
      EVENT_SLUG: latestEvent,
    })
  return {
    options,
    storage,
    loaded: storage.loaded,
    foyer,
    backendPid,
    floor: (name) => {
      const started = floors.get(name) ?? start(name)
      floors.set(name, started)
      return started
    },
    stop: async () => {
      for (const floor of floors.values()) await (await floor).stop()
      await foyer.stop()
    },
  }
}

/**
 * Asks `path` of that server on `connections` at once, with the account's token. Beside the load tool's figures it gives
 * the processor time of one request, the server's and PostgreSQL's: it counts even where the machine is shared.
 */
export function ask(stage: Stage, server: Started, account: LoadedAccount, path: string, connections = 10) {
  return async (): Promise<Figures> => {
    const meter = meterOf(server.pid, stage.backendPid)
    const before = [meter.serverUs(), meter.postgresUs()] as const
    const load = { url: server.url + path, connections, seconds: stage.options.seconds, headers: headersOf(account) }
    const { answers, ...figures } = await putLoad(load)
    const serverCpuUs = (meter.serverUs() - before[0]) / answers
    const postgresCpuUs = (meter.postgresUs() - before[1]) / answers
    return { ...figures, serverCpuUs, postgresCpuUs, cpuUs: serverCpuUs + postgresCpuUs }
  }
}

export function headersOf(account: LoadedAccount): Record<string, string> {
  return { authorization: `Bearer ${account.token}`, accept: 'application/json' }
}

/** Reads one answer whole. Throws for anything but a 200. */
export async function read(server: Started, account: LoadedAccount, path: string) {
  const answer = await fetch(server.url + path, { headers: headersOf(account) })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return JSON.parse(await answer.text())
}

/** Reads an answer to its end without keeping it, as cheaply as can be; resolves to its last characters. */
export async function readThrough(server: Started, account: LoadedAccount, path: string): Promise<string> {
  const request = get(server.url + path, { headers: headersOf(account) })
  const [response] = await once(request, 'response')
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`)
  let end: Buffer = Buffer.alloc(0)
  response.on('data', (chunk: Buffer) => {
    end = chunk.length > 300 ? chunk.subarray(-300) : Buffer.concat([end, chunk]).subarray(-300)
  })
  await once(response, 'end')
  return end.toString()
}
