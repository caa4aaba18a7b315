import { execFileSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import type { PostgresFolder } from './folder.ts'

/** Whether process `pid` lives and is the PostgreSQL of this folder, and no other program that got its number. */
export async function isPostmasterOf(folder: PostgresFolder, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return isPostgres(pid)
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, name, state] = status.match(/^\d+ \((.*)\) (\S)/s) ?? []
  if (name !== 'postgres' || state === 'Z' || state === 'X') return false
  const [cluster, place] = await Promise.all([
    stat(folder.cluster),
    stat(`/proc/${pid}/cwd`).catch((reason: NodeJS.ErrnoException) => reason),
  ])
  // In a container even root may be forbidden to see where another user's process stands.
  if (place instanceof Error) return place.code === 'EACCES' || place.code === 'EPERM'
  return place.dev === cluster.dev && place.ino === cluster.ino
}

function isPostgres(pid: number): boolean {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    return /^[^Z]\S*\s+(.*\/)?postgres(:|\s|$)/.test(line.trim())
  } catch {
    return false
  }
}
