import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

const source = new URL('../../server/platform/embedded-postgres.ts', import.meta.url).href

/** Another process that uses the embedded PostgreSQL of a folder. */
export interface Participant {
  process: ChildProcess
  /** Resolves to the url once it has joined; rejects with what it wrote if it ends before. */
  url: Promise<string>
  /** Resolves to what it logged, once it has ended. */
  logged: Promise<string>
  /** Lets it leave, and waits for its end. */
  leave(): Promise<void>
  /** Kills it so that it can clean up nothing. */
  kill(): Promise<void>
}

/** Starts a process that joins, and leaves when it is told to. `module` is the address of the code that it runs. */
export function participant(dataDir: string, options: SpawnOptions = {}, module = source): Participant {
  const script = `
    import { joinEmbeddedPostgres } from ${JSON.stringify(module)}
    const server = await joinEmbeddedPostgres(${JSON.stringify(dataDir)}, console.error, { fsync: 'off' })
    process.stdout.end(server.url)
    process.stdin.resume().once('end', () => server.leave())`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    timeout: 25_000,
    ...options,
    stdio: 'pipe',
  })
  const ended = once(child, 'exit')
  const logged = text(child.stderr)
  const url = text(child.stdout).then(async (said) => said || Promise.reject(new Error(await logged)))
  url.catch(() => {})
  return {
    process: child,
    url,
    logged,
    leave: async () => {
      child.stdin.end()
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The process number that the server of a folder wrote down. */
export function postmasterPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
}

/** Whether a process runs. One that is dead and waits for its parent to notice doesn't. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits, at most ten seconds, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Never came to be: ${isSo}`)
    await sleep(5)
  }
}
