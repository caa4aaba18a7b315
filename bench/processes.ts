import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Started {
  pid: number
  url: string
  stop(): Promise<void>
}

export const root = fileURLToPath(new URL('..', import.meta.url))
const patienceMs = 30_000
const alive = new Set<ChildProcess>()

/** Starts a server's script as a process of its own on a free port, and waits until `readyPath` is answered with 200. */
export async function startProcess(
  script: string,
  environment: Record<string, string>,
  readyPath = '/readyz',
): Promise<Started> {
  const port = await freePort()
  const child = spawnScript([script], { ...environment, HOST: '127.0.0.1', PORT: String(port) }, 'ignore')
  const url = `http://127.0.0.1:${port}`
  const deadline = performance.now() + patienceMs
  while (!(await answers(`${url}${readyPath}`))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${script} did not start`)
    await sleep(5)
  }
  return { pid: child.pid ?? 0, url, stop: () => stopped(child) }
}

/** Foyer itself on that database, as an organiser runs it, without the limits that would stop a load tool. */
export function startFoyer(databaseUrl: string): Promise<Started> {
  return startProcess('server/main.ts', {
    DATABASE_URL: databaseUrl,
    BASE_URL: baseUrl,
    RATE_LIMIT: 'off',
    TEST_PAYMENTS: 'on',
    LOG_LEVEL: 'warn',
  })
}

/** Shops answer below this host: `<subdomain>.foyer.bench`. */
export const baseUrl = 'http://foyer.bench'

/** Runs a script of this repository with Node; what it reads is the caller's to write where `input` is a pipe. */
export function spawnScript(
  words: string[],
  environment: Record<string, string>,
  input: 'ignore' | 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, [...startFlags(), ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: [input, 'pipe', 'inherit'],
  })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  child.stdout?.on('data', () => {}) // else it would stand still once the pipe is full
  return child
}

/** What `npm start` hands to Node.js. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  return scripts.start.split(' ').filter((word: string) => word.startsWith('--'))
}

export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** For when the bench itself is stopped: nothing that it started stays. */
export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

/** What the process keeps in memory now and kept at most, in MB; NaN where the system has no /proc. */
export function memoryOf(pid: number): { restMb: number; peakMb: number } {
  const path = `/proc/${pid}/status`
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const read = (name: string) =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1] ?? Number.NaN) * 1024) / 1e6
  return { restMb: read('VmRSS'), peakMb: read('VmHWM') }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.ok
    },
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1')
  return address.port
}
