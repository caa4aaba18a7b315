import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** How much of the machine something has used so far, in microseconds; NaN where the system has no /proc. */
export interface CpuMeter {
  serverUs(): number
  postgresUs(): number
}

/** Linux counts in hundredths of a second. */
const tickUs = 10_000

/** Meters one server process, and all of the PostgreSQL that process `backendPid` belongs to. */
export function meterOf(serverPid: number, backendPid: number): CpuMeter {
  const postmaster = readStat(backendPid)?.parent ?? 0
  return {
    serverUs: () => (readStat(serverPid)?.ticks ?? Number.NaN) * tickUs,
    postgresUs: () => {
      const living = pids().map(readStat)
      const ticks = living.reduce((sum, stat) => sum + (stat?.parent === postmaster ? stat.ticks : 0), 0)
      return (ticks + (readStat(postmaster)?.endedTicks ?? Number.NaN)) * tickUs
    },
  }
}

interface Stat {
  parent: number
  ticks: number
  /** Of children that have ended. */
  endedTicks: number
}

function readStat(pid: number): Stat | undefined {
  const path = `/proc/${pid}/stat`
  try {
    const text = readFileSync(path, 'utf8')
    const [, parent, ...rest] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [own = 0, system = 0, ended = 0, endedSystem = 0] = rest.slice(9)
    return { parent: parent ?? 0, ticks: own + system, endedTicks: ended + endedSystem }
  } catch {
    return undefined // no such process, or it has just ended
  }
}

function pids(): number[] {
  return existsSync('/proc') ? readdirSync('/proc').map(Number).filter(Boolean) : []
}
