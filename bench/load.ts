import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createAccount } from '../server/accounts/create-account.ts'
import { createToken } from '../server/accounts/create-token.ts'
import { openPool, type Pool } from '../server/platform/database.ts'
import { joinEmbeddedPostgres } from '../server/platform/embedded-postgres.ts'
import { migrate } from '../server/platform/migrations.ts'
import { meterOf } from './cpu-time.ts'
import type { Options } from './options.ts'
import { orderCount, orderLines } from './order-lines.ts'
import { killAll, memoryOf, spawnScript } from './processes.ts'
import type { Figures } from './rounds.ts'

export interface LoadedAccount {
  id: number
  subdomain: string
  customers: number
  token: string
  /** What `foyer import orders` needed for it. */
  imported: Figures
}

/** The account that is measured, one of 1,000 to compare with, and those that live beside. */
export interface Loaded {
  large: LoadedAccount
  small: LoadedAccount
  beside: LoadedAccount[]
}

export interface Storage {
  url: string
  db: Pool
  loaded: Loaded
  leave(): Promise<void>
}

/** A PostgreSQL of the bench's own with the settings of a real installation, filled as the options say. */
export async function openStorage(options: Options, say: (message: string) => void): Promise<Storage> {
  const folder = options.keepFolder ?? (await mkdtemp(join(tmpdir(), 'foyer-bench-')))
  await mkdir(folder, { recursive: true })
  const postgres = await joinEmbeddedPostgres(folder, say)
  const db = openPool(postgres.url, { max: 2 })
  const leave = async () => {
    await db.end({ timeout: 5 })
    await postgres.leave()
    if (options.keepFolder === undefined) await rm(folder, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => giveUp(leave))
  try {
    await migrate(db)
    const manifest = join(folder, `loaded-${options.customers}-${options.seed}.json`)
    const known = await readFile(manifest, 'utf8').catch(() => undefined)
    const loaded: Loaded = known ? JSON.parse(known) : await fill(postgres.url, db, options, say)
    await writeFile(manifest, JSON.stringify(loaded))
    return { url: postgres.url, db, loaded, leave }
  } catch (error) {
    await leave()
    throw error
  }
}

/** Stopped by hand: nothing that was started stays, and no folder either. */
async function giveUp(leave: () => Promise<void>): Promise<never> {
  killAll()
  await leave()
  process.exit(130)
}

interface Target {
  url: string
  backendPid: number
}

async function fill(url: string, db: Pool, options: Options, say: (message: string) => void): Promise<Loaded> {
  const now = new Date()
  const [{ pid: backendPid }] = await db<[{ pid: number }]>`select pg_backend_pid() as pid`
  const make = async (subdomain: string, customers: number) => {
    const account = await createAccount(db, {
      ...{ name: subdomain, subdomain, currency: 'EUR', timeZone: 'Europe/Berlin', now },
      ...{ ownerEmail: `owner@${subdomain}.example`, ownerPassword: undefined },
    })
    const { token } = await createToken(db, account.id, { description: 'bench', permission: 'write', now })
    say(`${subdomain}: importing ${orderCount(customers).toLocaleString('en')} orders`)
    const lines = orderLines(options.seed + account.id, customers, now)
    const imported = await importInto({ url, backendPid }, subdomain, lines, orderCount(customers))
    say(`${subdomain}: ${Math.round(imported.linesPerSecond ?? 0)} lines/s`)
    return { id: account.id, subdomain, customers, token, imported }
  }
  const beside: LoadedAccount[] = []
  for (let number = 1; number <= (options.isWhole ? 9 : 0); number += 1)
    beside.push(await make(`beside-${number}`, options.customers / 100))
  const small = await make('small', 1000)
  const large = await make('large', options.customers)
  say('tidying up, as PostgreSQL does by itself within minutes')
  await db`vacuum (analyze)`
  await db`checkpoint`
  return { large, small, beside }
}

/** Through the command that an organiser would use, as a process of its own that reads the lines as they are made. */
async function importInto(
  { url, backendPid }: Target,
  subdomain: string,
  lines: AsyncGenerator<Buffer>,
  lineCount: number,
): Promise<Figures> {
  const words = ['server/cli.ts', 'import', 'orders', '-', '--account', subdomain, '--create-events', '--json']
  const child = spawnScript(words, { DATABASE_URL: url }, 'pipe')
  if (!child.stdin || !child.pid) throw new Error('the import did not start')
  const pid = child.pid
  const ended = once(child, 'exit')
  const meter = meterOf(pid, backendPid)
  const [begun, postgresBefore] = [performance.now(), meter.postgresUs()]
  let peakMb = Number.NaN
  let serverUs = Number.NaN
  const watching = setInterval(() => {
    peakMb = memoryOf(pid).peakMb || peakMb
    serverUs = meter.serverUs() || serverUs
  }, 50)
  const written = pipeline(Readable.from(lines), child.stdin)
  const [[code]] = await Promise.all([ended, written.catch(() => {})]) // it refuses the rest when it has ended badly
  clearInterval(watching)
  if (code !== 0) throw new Error(`foyer import orders ended with ${code}`)
  const linesPerSecond = (lineCount * 1000) / (performance.now() - begun)
  const postgresCpuUs = (meter.postgresUs() - postgresBefore) / lineCount
  return { linesPerSecond, peakMb, serverCpuUs: serverUs / lineCount, postgresCpuUs }
}
