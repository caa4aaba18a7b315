import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'

export interface Owner {
  uid: number
  gid: number
}

/**
 * Whom PostgreSQL runs as and to whom its files belong: this process's own user. As root it refuses to run, so root
 * hands it to the owner of the cluster or of the folder around it if that is somebody else, else to `postgres`, else to
 * `nobody`.
 */
export function chooseOwner(cluster: string, dataDir: string): Owner {
  if (!process.getuid || !process.getgid)
    throw new Error(
      'The embedded PostgreSQL runs on Linux and macOS only. Set DATABASE_URL to a PostgreSQL of your own.',
    )
  if (process.getuid() !== 0) return { uid: process.getuid(), gid: process.getgid() }
  const made = statSync(cluster, { throwIfNoEntry: false })
  if (made && made.uid !== 0) return { uid: made.uid, gid: made.gid }
  // The folder around may be mounted from another machine and belong to a number that has no name here.
  const around = statSync(dataDir).uid
  const owner = (around === 0 ? undefined : accountOf(String(around))) ?? accountOf('postgres') ?? accountOf('nobody')
  if (!owner) throw new Error('PostgreSQL does not run as root. Add a system user named postgres: useradd -r postgres.')
  return owner
}

/** True if files made here must be given away to their owner. */
export function dropsRights(owner: Owner): boolean {
  return process.getuid?.() !== owner.uid
}

function accountOf(user: string): Owner | undefined {
  const ask = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}
