import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface RunningServer {
  url: string
}

export interface ServerProcess extends RunningServer {
  /** Everything that it wrote so far: for the message of a test that failed. */
  logs(): string
  /** Asks it to stop and waits until it has; throws where it did not stop of itself. */
  stop(): Promise<void>
  /** Kills it in the middle of whatever it does: nothing is answered or cleaned up any more. */
  kill(): Promise<void>
}

export interface ServerStart {
  databaseUrl: string
  environment?: Record<string, string>
  /** The checkout whose server runs: this one, or a twin's. */
  root?: string
  /** How far its clock is ahead of the machine's; negative: behind. */
  clockAheadMs?: number
}

const here = fileURLToPath(new URL('../..', import.meta.url))
const patienceMs = 20_000

/** Starts a real server on a free port and waits until it is ready. It is killed at the latest after the file's last test. */
export async function startServerProcess(start: ServerStart): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...clockOptions(start.clockAheadMs), `${start.root ?? here}/server/main.ts`], {
    cwd: start.root ?? here,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environmentOf(start) },
  })
  after(() => killed(child))
  let logs = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (logs += chunk))
  const url = await readyAddress(child, () => logs)
  return {
    url,
    logs: () => logs,
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      if (child.exitCode !== 0) throw new Error(`The server did not stop well (${child.exitCode}):\n${logs}`)
    },
    kill: () => killed(child),
  }
}

/** The same in the test's own process: quicker to start, and it can't be killed. For twins. */
export async function startServerHere(start: ServerStart): Promise<RunningServer> {
  const root = start.root ?? here
  const { startServer }: typeof import('../../server/main.ts') = await import(`${root}/server/main.ts`)
  const { systemClock }: typeof import('../../server/process.ts') = await import(`${root}/server/process.ts`)
  const { readConfig }: typeof import('../../server/config.ts') = await import(`${root}/server/config.ts`)
  const clock = () => new Date(systemClock().getTime() + (start.clockAheadMs ?? 0))
  const server = await startServer(readConfig({ ...environmentOf(start), LOG_LEVEL: 'silent' }), clock)
  after(() => server.stop())
  return { url: `http://127.0.0.1:${server.port}` }
}

function environmentOf({ databaseUrl, environment }: ServerStart): Record<string, string> {
  const shop = { BASE_URL: 'http://foyer.test', RATE_LIMIT: 'off', TEST_PAYMENTS: 'on' }
  return { DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', ...shop, ...environment }
}

/** The port is the system's choice, so that no two tests fight over one; the server says which it got. */
async function readyAddress(child: ChildProcess, logs: () => string): Promise<string> {
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const url = /listening at (http:[\w:/.]+)/i.exec(logs())?.[1]
    const ready =
      url &&
      (await fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      ))
    if (url && ready) return url
    await sleep(20)
  }
  await killed(child)
  throw new Error(`The server did not get ready:\n${logs()}`)
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function clockOptions(aheadMs = 0): string[] {
  if (aheadMs === 0) return []
  const script = `const D = Date; globalThis.Date = class extends D {
    constructor(...a) { if (a.length) super(...a); else super(D.now() + ${aheadMs}) }
    static now() { return D.now() + ${aheadMs} }
  }`
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`]
}
