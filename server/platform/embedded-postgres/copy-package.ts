import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

/**
 * Copies the programs of the package to a folder in `parent` that everyone can enter and only this process's user can
 * change, named by the package's version. One that is there already is taken as it is, or replaced if `anew`. Throws
 * if anybody else could put programs there.
 */
export async function copyPackage(
  packageFolder: string,
  parent: string,
  anew: boolean,
  log: (message: string) => void,
): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  const copy = join(parent, `foyer-postgres-${version}`)
  // A sticky folder lets others add to it, but not replace what is ours.
  await refuseChangeable(parent, 0o1000)
  if (await refuseChangeable(copy)) {
    if (!anew) return copy
    await rm(copy, { recursive: true, force: true })
  }

  log(`Copying PostgreSQL to ${copy}, because it can't be run where it is installed`)
  const unfinished = await mkdtemp(`${copy}.`)
  try {
    await cp(join(packageFolder, 'native'), unfinished, { recursive: true, verbatimSymlinks: true })
    await linkLibraries(unfinished)
    await openToAll(unfinished)
    await rename(unfinished, copy)
  } catch (reason) {
    await rm(unfinished, { recursive: true, force: true })
    // Another process may have been faster.
    if (!(await refuseChangeable(copy))) throw reason
  }
  return copy
}

async function refuseChangeable(path: string, excuse = 0): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return false
  const ours = found.uid === process.getuid?.() || found.uid === 0
  const closed = (found.mode & 0o022) === 0 || (found.mode & excuse) !== 0
  if (!found.isDirectory() || !ours || !closed)
    throw new Error(`${path} could be changed by other users; remove it or take that right away`)
  return true
}

/** The package leaves these links to its install script, which npm may have been told not to run. */
async function linkLibraries(copy: string): Promise<void> {
  const list = await readFile(join(copy, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list)) {
    await symlink(basename(source), join(copy, relative('native', target))).catch((reason) => {
      if (reason.code !== 'EEXIST') throw reason
    })
  }
}

async function openToAll(copy: string): Promise<void> {
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755)
  await chmod(copy, 0o755)
}
