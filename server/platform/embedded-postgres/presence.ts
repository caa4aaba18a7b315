import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

const presenceLock = 70_401_969
const goodbyeMs = 1_000
const retakeMs = 2_000

/** A process's standing as one of those that need the server. */
export interface Presence {
  /** Ends it. The server is `needed` if another process has one; if not, it may yet be in use by what is `connected`. */
  giveUp(): Promise<{ needed: boolean; connected: string[] }>
  /** Closes its connection. */
  end(): Promise<void>
}

/** Where to connect to, as superuser, on that port of this machine. */
export function urlOf(port: number, password: string): string {
  return `postgres://foyer:${password}@127.0.0.1:${port}/foyer`
}

/**
 * Makes this process one of those that need the server: a shared advisory lock, held by a connection that is kept for
 * nothing else and ends with the process. Creates the database `foyer` if it is missing. `onLost` is told each time that
 * the connection breaks: the server may be dead.
 */
export async function enter(port: number, password: string, onLost: () => void = () => {}): Promise<Presence> {
  let socket: Socket | undefined
  let over = false
  let entered = false
  const open = () => {
    socket = connect(port, '127.0.0.1')
    return socket
  }
  // Not given directly, because the driver's types don't know of `socket`.
  const options = {
    host: '127.0.0.1',
    port,
    user: 'foyer',
    password,
    database: 'postgres',
    ssl: false,
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    prepare: false,
    connection: { application_name: 'foyer presence' },
    onnotice: () => {},
    onclose: () => {
      // The lock went with the session, not the need for it.
      if (over) return
      if (entered) onLost()
      setTimeout(() => void take().catch(() => {}), retakeMs).unref()
    },
    socket: open,
  }
  const sql = postgres(options)
  const take = async () => {
    await sql`select pg_advisory_lock_shared(${presenceLock})`
    // Being present is no reason for a process to go on.
    socket?.unref()
  }
  const end = () => {
    over = true
    return sql.end({ timeout: 1 })
  }

  try {
    await take()
    socket?.ref()
    const [known] = await sql`select 1 from pg_database where datname = 'foyer'`
    if (!known) await sql`create database foyer`
    socket?.unref()
    entered = true
  } catch (reason) {
    await end()
    throw reason
  }
  return {
    end,
    giveUp: async () => {
      socket?.ref()
      await sql`select pg_advisory_unlock_shared(${presenceLock})`
      const [mine] = await sql`select pg_try_advisory_lock(${presenceLock}) as alone`
      return mine?.alone ? { needed: false, connected: await listOthers(sql) } : { needed: true, connected: [] }
    },
  }
}

/** Who is connected; connections that were closed a moment ago are given the time to be gone. */
async function listOthers(sql: postgres.Sql): Promise<string[]> {
  const deadline = performance.now() + goodbyeMs
  for (;;) {
    const others = await sql<{ name: string }[]>`
      select distinct coalesce(nullif(application_name, ''), 'a program without a name') as name
      from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`
    if (others.length === 0 || performance.now() > deadline) return others.map(({ name }) => name)
    await sleep(20)
  }
}
