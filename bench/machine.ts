import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Pool } from '../server/platform/database.ts'

export type Surroundings = Record<string, string>

/** What the figures depend on and nobody could repeat them without. */
export async function surroundings(db: Pool, seed: number): Promise<Surroundings> {
  const [row] = await db<[{ serverVersion: string }]>`show server_version`
  const packages = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages
  const version = (name: string) => packages[`node_modules/${name}`]?.version
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 1e9)} GB, ${process.platform}`,
    'shared by': 'Foyer or a floor, PostgreSQL and the load tool: read ratios, not figures',
    node: process.version,
    postgres: row.serverVersion,
    driver: `postgres ${version('postgres')}`,
    'load tool': `autocannon ${version('autocannon')}`,
    pgbench: pgbenchVersion() ?? 'not installed',
    seed: String(seed),
  }
}

/** Debian keeps it off the PATH, in the folder of its version: the newest is taken. */
export function findPgbench(): string | undefined {
  const found = ['pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench').sort().reverse()]
  return found.find((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

function pgbenchVersion(): string | undefined {
  const program = findPgbench()
  return program && execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
}
