import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Entered, enterServer, type Start } from './embedded-postgres/enter-server.ts'
import { openFolder, type PostgresFolder } from './embedded-postgres/folder.ts'
import { livingPostmaster, stopPostmaster } from './embedded-postgres/postmaster.ts'
import { type Presence, urlOf } from './embedded-postgres/presence.ts'
import { takeTurn } from './embedded-postgres/turn.ts'

const turnToJoinMs = 600_000
const turnToLeaveMs = 5_000
const leaveMs = 20_000
const firstPauseMs = 100
const longestPauseMs = 5_000

export interface EmbeddedPostgres {
  /** Of the database `foyer`, as its superuser. */
  url: string
  /** Where the server listens now. One that was brought back is where it was, unless somebody took its port meanwhile. */
  port(): number
  /** From here on a server that died is brought back, as often as it dies, until `leave()`. */
  keepAlive(): void
  /**
   * Says that this process needs the server no more; the last to say so stops it. Close your own connections first:
   * a server that anything is connected to stays up. Never throws, takes at most 20 seconds, and logs what it could not do.
   */
  leave(): Promise<void>
}

/**
 * Starts, or joins, the PostgreSQL that keeps its files in `${dataDir}/postgres`. Any number of processes may do so at
 * once: they share one server. It outlives a process that ends without `leave()`, and the next one takes it over.
 *
 * `settings` are PostgreSQL's own and count only if this call is the one that starts the server. `binFolder` holds
 * the programs of another PostgreSQL, to be used in place of the packaged ones.
 * Throws an Error whose message names the cure.
 */
export async function joinEmbeddedPostgres(
  dataDir: string,
  log: (message: string) => void,
  settings: Record<string, string> = {},
  binFolder?: string,
): Promise<EmbeddedPostgres> {
  const folder = await openFolder(resolve(dataDir))
  const start: Start = { log, settings, binFolder }
  let [keepsAlive, isLost] = [false, false]
  let returning: Promise<void> | undefined
  let leaving: Promise<void> | undefined
  const notice = () => {
    isLost = true
    if (keepsAlive && !leaving) returning ??= bringBack()
  }
  let here = await enterInTurn(folder, start, notice)
  return {
    url: urlOf(here.port, await folder.readPassword()),
    port: () => here.port,
    keepAlive: () => {
      keepsAlive = true
      if (isLost) notice()
    },
    leave: () => {
      leaving ??= leaveInTime(folder, { returning, presence: () => here.presence }, log)
      return leaving
    },
  }

  /** What stands in the way may pass, such as a full disk: it tries until the server is back. */
  async function bringBack(): Promise<void> {
    for (let pauseMs = firstPauseMs; isLost && !leaving; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      isLost = false
      void here.presence.end()
      try {
        if (!(await livingPostmaster(folder))) log(`The PostgreSQL in ${folder.cluster} is dead. Bringing it back.`)
        here = await enterInTurn(folder, start, notice)
        pauseMs = firstPauseMs
      } catch (reason) {
        isLost = true
        log(`The PostgreSQL in ${folder.cluster} could not be brought back yet. ${(reason as Error).message}`)
        await sleep(pauseMs)
      }
    }
    returning = undefined
  }
}

async function enterInTurn(folder: PostgresFolder, start: Start, onLost: () => void): Promise<Entered> {
  const endTurn = await takeTurn(folder, turnToJoinMs, start.log)
  try {
    return await enterServer(folder, start, onLost)
  } finally {
    endTurn()
  }
}

interface Leaver {
  /** Settles when the server is no longer being brought back. */
  returning: Promise<void> | undefined
  presence: () => Presence
}

async function leaveInTime(folder: PostgresFolder, leaver: Leaver, log: (message: string) => void): Promise<void> {
  const clock = new AbortController()
  const late = sleep(leaveMs, true, { signal: clock.signal }).catch(() => false)
  const left = leaveServer(folder, leaver, log).catch((reason: Error) => {
    log(`The PostgreSQL in ${folder.cluster} was left as it is. ${reason.message}`)
  })
  if (await Promise.race([left, late]))
    log(`The PostgreSQL in ${folder.cluster} could not be stopped within ${leaveMs / 1000} seconds. See ${folder.log}.`)
  clock.abort()
  await leaver.presence().end()
}

async function leaveServer(folder: PostgresFolder, leaver: Leaver, log: (message: string) => void): Promise<void> {
  await leaver.returning
  const presence = leaver.presence()
  const endTurn = await takeTurn(folder, turnToLeaveMs, log)
  try {
    const { needed, connected } = await presence.giveUp().catch(async (reason) => {
      if (await livingPostmaster(folder)) throw reason
      return { needed: false, connected: [] }
    })
    await presence.end()
    if (connected.length > 0) log(`PostgreSQL stays up, because it is still in use by ${connected.join(', ')}.`)
    else if (!needed) await stopPostmaster(folder)
  } finally {
    endTurn()
  }
}
