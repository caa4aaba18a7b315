import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lchown, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { PostgresFolder } from './folder.ts'
import { dropsRights } from './owner.ts'
import type { Programs } from './programs.ts'
import { childOf, hereForChild, run } from './run.ts'

/**
 * What an organiser may tune in the cluster's postgresql.conf; the last mention of a setting there counts. The log is
 * terse because a DETAIL quotes rows, and a log is no place for customers. With the 8 MB that PostgreSQL would take for
 * its log's buffer, an import spends a fifth of the time that it writes orders waiting for that buffer; with the 1 GB that
 * it would let its log grow to, an eighth writing every page that it touches whole into the log again, after each of many
 * checkpoints. And with the 100 pages that the background writer would write at a time, whoever adds rows writes six of
 * seven changed pages to the disk himself.
 */
const settings = `
# Foyer's
max_connections = 200
shared_buffers = '256MB'
wal_buffers = '64MB'
max_wal_size = '4GB'
bgwriter_lru_maxpages = 1000
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
log_error_verbosity = terse
`

/**
 * Sees to it that the folder holds a cluster that these programs can serve, and makes one if it holds nothing. It comes
 * to be under another name and is renamed when it is whole; a cluster that is there is never touched.
 * Throws an Error that names the cure.
 */
export async function prepareCluster(
  folder: PostgresFolder,
  programs: Programs,
  log: (message: string) => void,
): Promise<void> {
  const { cluster, owner } = folder
  const found = await stat(cluster).catch((reason) => {
    if (reason.code !== 'ENOENT') throw reason
  })
  const content = found ? await readdir(cluster) : []
  if (content.length === 0) return makeCluster(folder, programs, log)

  if (!content.includes('PG_VERSION'))
    throw new Error(`${cluster} holds files that are not a PostgreSQL's. Move them away, or choose another DATA_DIR.`)
  if (found?.uid !== owner.uid)
    throw new Error(
      `${cluster} belongs to user ${found?.uid}, not to user ${owner.uid}: chown -R ${owner.uid} ${cluster}`,
    )
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  if (version !== String(programs.majorVersion))
    throw new Error(
      `${cluster} was written by PostgreSQL ${version}, and this Foyer brings PostgreSQL ${programs.majorVersion}. ` +
        `Start the Foyer that wrote it, save its database with PostgreSQL's pg_dump, start this one on an empty ` +
        `DATA_DIR and restore it there; or serve it with a PostgreSQL ${version} of your own and set DATABASE_URL.`,
    )
}

async function makeCluster(folder: PostgresFolder, programs: Programs, log: (message: string) => void): Promise<void> {
  const { cluster, owner, path } = folder
  log(`Preparing a new database in ${cluster}`)
  const unfinished = `${cluster}.unfinished-`
  for (const name of await readdir(path)) {
    const left = join(path, name)
    if (left.startsWith(unfinished)) await rm(left, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  // A password that is there may belong to a cluster that was put aside for a while.
  const password = await readFile(folder.password, 'utf8').catch(() => '')
  if (!password.trim()) await folder.writeFile('postgres.password', randomBytes(24).toString('hex'))
  const making = await mkdtemp(unfinished)
  if (dropsRights(owner)) await lchown(making, owner.uid, owner.gid)
  await initialize(folder, making, programs)
  await using conf = await folder.openFile(
    `${basename(making)}/postgresql.conf`,
    constants.O_WRONLY | constants.O_APPEND,
  )
  await conf.writeFile(settings)
  await conf.sync()
  await rename(making, cluster).catch((reason: Error) => {
    throw new Error(
      `${cluster} can't be made (${reason.message}). Mount or link the data folder itself, not a folder in it.`,
    )
  })
  await using directory = await open(path)
  await directory.sync()
}

async function initialize(folder: PostgresFolder, making: string, { bin, majorVersion }: Programs): Promise<void> {
  // Sorts and folds case alike on every machine; PostgreSQL brings it along since 17.
  const locale =
    majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8']
  await using password = await folder.openFile('postgres.password', 0)
  const args = [
    `--pgdata=${hereForChild}`,
    '--username=foyer',
    '--auth=scram-sha-256',
    '--pwfile=/dev/fd/3',
    '--encoding=UTF8',
    ...locale,
    '--lc-messages=C',
    '--text-search-config=simple',
    '--data-checksums',
  ]
  await run(join(bin, 'initdb'), args, childOf(folder.owner, making), [password.fd]).catch((reason: Error) => {
    const cure = reason.message.includes('could not look up effective user ID')
      ? `\nRun Foyer as a user that has a name on this machine, or give user ${folder.owner.uid} a line in /etc/passwd.`
      : ''
    throw new Error(`PostgreSQL could not prepare ${folder.cluster}:\n${reason.message}${cure}`)
  })
}
