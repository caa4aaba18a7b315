import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareCluster } from './embedded-postgres/cluster.ts'
import { openFolder, type PostgresFolder } from './embedded-postgres/folder.ts'
import {
  findPostmaster,
  livingPostmaster,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
} from './embedded-postgres/postmaster.ts'
import { enter, type Presence, urlOf } from './embedded-postgres/presence.ts'
import { findPrograms } from './embedded-postgres/programs.ts'
import { takeTurn } from './embedded-postgres/turn.ts'

const turnToJoinMs = 600_000
const turnToLeaveMs = 5_000
const leaveMs = 20_000

export interface EmbeddedPostgres {
  /** Of the database `foyer`, as its superuser. */
  url: string
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
  const endTurn = await takeTurn(folder, turnToJoinMs, log)
  try {
    const { port, presence } = await enterServer(folder, log, settings, binFolder)
    let leaving: Promise<void> | undefined
    return {
      url: urlOf(port, await folder.readPassword()),
      leave: () => {
        leaving ??= leaveInTime(folder, presence, log)
        return leaving
      },
    }
  } finally {
    endTurn()
  }
}

async function enterServer(
  folder: PostgresFolder,
  log: (message: string) => void,
  settings: Record<string, string>,
  binFolder: string | undefined,
): Promise<{ port: number; presence: Presence }> {
  for (let attempt = 1; ; attempt++) {
    const found = await findPostmaster(folder, log)
    const { port } = found ?? (await startServer(folder, log, settings, binFolder))
    const presence = await enter(port, await folder.readPassword()).catch((reason) => refusal(reason, folder, attempt))
    if (presence) return { port, presence }
    // What was found may have been on its way down: look again.
    await sleep(200)
  }
}

async function startServer(
  folder: PostgresFolder,
  log: (message: string) => void,
  settings: Record<string, string>,
  binFolder: string | undefined,
): Promise<Postmaster> {
  const programs = await findPrograms(folder, log, binFolder)
  await prepareCluster(folder, programs, log)
  return startPostmaster(folder, programs, settings, log)
}

function refusal(reason: Error & { code?: string }, folder: PostgresFolder, attempt: number): undefined {
  if (reason.code === '28P01')
    throw new Error(
      `The PostgreSQL in ${folder.cluster} does not know the password in ${folder.password}. ` +
        'Put back the password file that belongs to it.',
    )
  if (attempt >= 50)
    throw new Error(`The PostgreSQL in ${folder.cluster} does not answer: ${reason.message}. See ${folder.log}.`)
}

async function leaveInTime(folder: PostgresFolder, presence: Presence, log: (message: string) => void): Promise<void> {
  const clock = new AbortController()
  const late = sleep(leaveMs, true, { signal: clock.signal }).catch(() => false)
  const left = leaveServer(folder, presence, log).catch((reason: Error) => {
    log(`The PostgreSQL in ${folder.cluster} was left as it is. ${reason.message}`)
  })
  if (await Promise.race([left, late]))
    log(`The PostgreSQL in ${folder.cluster} could not be stopped within ${leaveMs / 1000} seconds. See ${folder.log}.`)
  clock.abort()
  await presence.end()
}

async function leaveServer(folder: PostgresFolder, presence: Presence, log: (message: string) => void): Promise<void> {
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
