import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Pool } from '../../server/platform/database.ts'

/** The guard that a twin lacks: the piece of text in that file, and what stands there instead. */
export interface MissingGuard {
  file: string
  guard: string
  instead: string
}

const here = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A copy of the server that lacks one guard, or all that keep one promise, to show that its test can fail. Resolves to
 * its folder, which is gone after the file's last test. Throws where a text is not there exactly once: it has moved.
 */
export async function makeTwin(...missing: MissingGuard[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'foyer-twin-'))
  after(() => rm(root, { recursive: true, force: true }))
  for (const folder of ['server', 'database']) await cp(join(here, folder), join(root, folder), { recursive: true })
  for (const shared of ['node_modules', 'package.json']) await symlink(join(here, shared), join(root, shared))
  for (const { file, guard, instead } of missing) {
    const path = join(root, file)
    await writeFile(path, replaceOnce(await readFile(path, 'utf8'), guard, instead, file))
  }
  return root
}

/** The same for a guard that lives in the database: a function of this database loses it until `restore` is called. */
export async function weakenFunction(
  db: Pool,
  name: string,
  guard: string,
  instead: string,
): Promise<() => Promise<void>> {
  const [{ definition }] = await db<[{ definition: string }]>`select pg_get_functiondef(${name}::regproc) as definition`
  await db.unsafe(replaceOnce(definition, guard, instead, name))
  return async () => {
    await db.unsafe(definition)
  }
}

function replaceOnce(text: string, guard: string, instead: string, where: string): string {
  const count = text.split(guard).length - 1
  if (count !== 1) throw new Error(`Found ${count} times in ${where}, but expected once: ${guard}`)
  return text.replace(guard, () => instead)
}
