import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresFolder } from './folder.ts'
import { isPostmasterOf } from './process.ts'
import type { Programs } from './programs.ts'
import { childOf, hereForChild } from './run.ts'

const startMs = 300_000
const stopMs = 13_000
const pollMs = 20
const triesToStart = 25
const triesOnOldPort = 10
const largestLogBytes = 16_000_000
/** A number that no process has. */
const nobodysPid = '2147483647'

export interface Postmaster {
  pid: number
  port: number
  status: string
}

/** The living server of this folder, once it accepts connections, or undefined. One that is stopping is waited for. */
export async function findPostmaster(
  folder: PostgresFolder,
  log: (message: string) => void,
): Promise<Postmaster | undefined> {
  const deadline = performance.now() + startMs
  for (let told = false; ; told = true) {
    const found = await livingPostmaster(folder)
    if (!found) return undefined
    if (found.status === 'ready') return found
    if (performance.now() > deadline)
      throw new Error(`The PostgreSQL in ${folder.cluster} (process ${found.pid}) is stuck. ${await lastWords(folder)}`)
    if (!told) log(`Waiting for the PostgreSQL in ${folder.cluster}, which is ${found.status || 'starting'}`)
    await sleep(pollMs)
  }
}

/**
 * Starts the server on a port of 127.0.0.1 and waits until it accepts connections: where one died, on that one's port if
 * it is still free, as others may know it. It runs in a session of its own, so the terminal's Ctrl-C doesn't reach it, and
 * this process doesn't wait for its end.
 * Throws an Error with the last lines of its log.
 */
export async function startPostmaster(
  folder: PostgresFolder,
  programs: Programs,
  settings: Record<string, string>,
  log: (message: string) => void,
): Promise<Postmaster> {
  const oldPort = (await readPidFile(folder))?.port
  await disownPidFile(folder)
  for (let attempt = 1; ; attempt++) {
    const loggedBefore = await rotateLog(folder)
    const port = oldPort && attempt <= triesOnOldPort ? oldPort : await freePort()
    const child = await launch(folder, programs, settings, port)
    const started = await untilReady(folder, child, log)
    if (started) return started
    const words = await lastWords(folder, loggedBefore)
    // Somebody else took the port, or the last children of a killed server are still about to end.
    const passing = /could not create any TCP\/IP sockets|shared memory block/.test(words)
    if (!passing || attempt === triesToStart) throw new Error(`PostgreSQL did not start in ${folder.cluster}. ${words}`)
    await sleep(200)
  }
}

/** The server of this folder if it lives, whatever it is doing. */
export async function livingPostmaster(folder: PostgresFolder): Promise<Postmaster | undefined> {
  const found = await readPidFile(folder)
  return found && (await isPostmasterOf(folder, found.pid)) ? found : undefined
}

/** Stops the server of this folder, if one lives, and waits until it is gone. Throws if it takes too long. */
export async function stopPostmaster(folder: PostgresFolder): Promise<void> {
  const found = await livingPostmaster(folder)
  if (!found) return
  process.kill(found.pid, 'SIGINT')
  const deadline = performance.now() + stopMs
  while (await isPostmasterOf(folder, found.pid)) {
    if (performance.now() > deadline)
      throw new Error(`It is still stopping after ${stopMs / 1000} seconds (process ${found.pid}). See ${folder.log}.`)
    await sleep(pollMs)
  }
}

async function launch(
  folder: PostgresFolder,
  programs: Programs,
  settings: Record<string, string>,
  port: number,
): Promise<ChildProcess> {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants
  await using output = await folder.openFile('postgres.log', O_WRONLY | O_APPEND | O_CREAT)
  const fixed = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: 'foyer',
  }
  const args = Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(programs.bin, 'postgres'), ['-D', hereForChild, ...args], {
    ...childOf(folder.owner, folder.cluster),
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  })
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  child.unref()
  return child
}

async function untilReady(
  folder: PostgresFolder,
  child: ChildProcess,
  log: (message: string) => void,
): Promise<Postmaster | undefined> {
  const begun = performance.now()
  let tellAtMs = 10_000
  while (child.exitCode === null && child.signalCode === null) {
    const found = await readPidFile(folder)
    if (found?.pid === child.pid && found?.status === 'ready') return found
    const waitedMs = performance.now() - begun
    if (waitedMs > startMs) throw new Error(`PostgreSQL takes too long to start. ${await lastWords(folder)}`)
    if (waitedMs > tellAtMs) {
      log(`PostgreSQL is still starting. ${await lastWords(folder)}`)
      tellAtMs *= 2
    }
    await sleep(pollMs)
  }
  return undefined
}

async function readPidFile(folder: PostgresFolder): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder.cluster, 'postmaster.pid'), 'utf8').catch((reason) => {
    if (reason.code !== 'ENOENT') throw reason
  })
  const [pid, , , port, , , , status] = text?.split('\n') ?? []
  return pid ? { pid: Number(pid), port: Number(port), status: status?.trim() ?? '' } : undefined
}

/**
 * PostgreSQL takes any process with the number in a dead server's file for that server, and refuses to start. Removing
 * the file would also remove its guard against children that outlived the server, so only the number goes.
 */
async function disownPidFile(folder: PostgresFolder): Promise<void> {
  const text = await readFile(join(folder.cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  if (text) await folder.writeFile('postgres/postmaster.pid', text.replace(/^\d+/, nobodysPid))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1')
  return address.port
}

async function rotateLog(folder: PostgresFolder): Promise<number> {
  const bytes = (await stat(folder.log).catch(() => undefined))?.size ?? 0
  if (bytes < largestLogBytes) return bytes
  await rename(folder.log, `${folder.log}.old`)
  return 0
}

async function lastWords(folder: PostgresFolder, from = 0): Promise<string> {
  const text = (await readFile(folder.log).catch(() => Buffer.alloc(0))).subarray(from).toString().trim()
  return `${folder.log} says:\n${text.split('\n').slice(-6).join('\n')}`
}
