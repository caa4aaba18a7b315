import { constants } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseOwner, dropsRights, type Owner } from './owner.ts'

/** What the embedded PostgreSQL keeps in the data folder, and to whom it belongs. */
export interface PostgresFolder {
  path: string
  cluster: string
  password: string
  log: string
  owner: Owner
  /** The superuser's password. */
  readPassword(): Promise<string>
  /** Writes a file of the owner's alone, in place of one that may be there. */
  writeFile(name: string, text: string): Promise<void>
  /** Opens a file of the owner's alone. `flags` are those of open(2). */
  openFile(name: string, flags: number): Promise<FileHandle>
}

/** The data folder, made if it is missing, so that others may pass through it but not look around. */
export async function openFolder(path: string): Promise<PostgresFolder> {
  const made = await mkdir(path, { recursive: true }).catch((reason) => noAccess(path, reason))
  if (made) await chmod(path, 0o711)
  const cluster = join(path, 'postgres')
  const password = join(path, 'postgres.password')
  const owner = chooseOwner(cluster, path)
  const openFile = (name: string, flags: number) => openFor(owner, join(path, name), flags)
  return {
    path,
    cluster,
    password,
    log: join(path, 'postgres.log'),
    owner,
    openFile,
    readPassword: () => readPassword(password),
    writeFile: async (name, text) => {
      await rm(join(path, name), { force: true })
      await using file = await openFile(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)
      await file.writeFile(text)
      await file.sync()
    },
  }
}

async function openFor(owner: Owner, path: string, flags: number): Promise<FileHandle> {
  // Root may stand in a folder of somebody else, who must not lead it to another file by a link.
  const file = await open(path, flags | constants.O_NOFOLLOW, 0o600).catch((reason) => noAccess(path, reason))
  if (dropsRights(owner)) await file.chown(owner.uid, owner.gid)
  return file
}

async function readPassword(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((reason) => {
    if (reason.code === 'ENOENT')
      throw new Error(`${path} is missing, and without it nobody can log in to the database beside it. Put it back.`)
    return noAccess(path, reason)
  })
  return text.trim()
}

function noAccess(path: string, reason: Error): never {
  throw new Error(
    `Foyer can't use ${path} (${reason.message}). ` +
      'Run it as the user to whom the data folder belongs, or choose another folder with DATA_DIR.',
  )
}
