import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  url: string
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
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: start.databaseUrl, BASE_URL: 'http://foyer.test' },
      ...{ HOST: '127.0.0.1', PORT: '0', RATE_LIMIT: 'off', TEST_PAYMENTS: 'on', ...start.environment },
    },
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
