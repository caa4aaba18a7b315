import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Kills the whole PostgreSQL of the folder, or one of its connections' processes. False where none runs. */
export function killPostgres(dataDir: string, victim: 'server' | 'connection', lot: number): boolean {
  const server = Number(read(join(dataDir, 'postgres/postmaster.pid')).split('\n')[0])
  if (!server || !/^\d+ \(postgres\) [^ZX]/.test(read(`/proc/${server}/stat`))) return false
  if (victim === 'server') return kill(server)
  const connections = childrenOf(server)
  return kill(connections[lot % connections.length] ?? server)
}

function childrenOf(server: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => /^\d+ \(postgres\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1] === String(server))
    .map(Number)
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
