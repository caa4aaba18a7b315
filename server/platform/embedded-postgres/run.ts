import { type SpawnOptions, spawn } from 'node:child_process'
import { dropsRights, type Owner } from './owner.ts'

/**
 * The options that every child of ours gets: the owner's rights, and an environment without Foyer's secrets.
 *
 * The folder is handed over as the place to stand in, never by name: it is entered before the rights are dropped, so it
 * may lie below a folder that only root can enter.
 */
export function childOf(owner: Owner, cwd: string): SpawnOptions {
  return { cwd, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }, ...(dropsRights(owner) ? owner : {}) }
}

/** The name by which a child knows the folder that it stands in; its absolute path may be closed to it. */
export const hereForChild = process.platform === 'linux' ? '/proc/self/cwd' : '.'

/** Runs a program to its end. Resolves to what it wrote; throws an Error with that text if it failed. */
export async function run(
  program: string,
  args: string[],
  options: SpawnOptions,
  inherited: number[] = [],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', ...inherited] })
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(output.trim() || `${program} ended with ${signal ?? code}`))
    })
  })
}
