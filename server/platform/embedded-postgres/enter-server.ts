import { setTimeout as sleep } from 'node:timers/promises'
import { prepareCluster } from './cluster.ts'
import type { PostgresFolder } from './folder.ts'
import { findPostmaster, type Postmaster, startPostmaster } from './postmaster.ts'
import { enter, type Presence } from './presence.ts'
import { findPrograms } from './programs.ts'

/** How a server is started, where none is found. */
export interface Start {
  log: (message: string) => void
  settings: Record<string, string>
  binFolder: string | undefined
}

export interface Entered {
  port: number
  presence: Presence
}

/**
 * Finds the server of this folder, or starts it, and becomes one of those that need it. It must be the caller's turn.
 * `onLost` is told whenever the connection breaks. Throws an Error that names the cure.
 */
export async function enterServer(folder: PostgresFolder, start: Start, onLost: () => void): Promise<Entered> {
  for (let attempt = 1; ; attempt++) {
    const found = await findPostmaster(folder, start.log)
    const { port } = found ?? (await startServer(folder, start))
    const entering = enter(port, await folder.readPassword(), onLost)
    const presence = await entering.catch((reason) => refusal(reason, folder, attempt))
    if (presence) return { port, presence }
    // What was found may have been on its way down: look again.
    await sleep(200)
  }
}

async function startServer(folder: PostgresFolder, { log, settings, binFolder }: Start): Promise<Postmaster> {
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
