import assert from 'node:assert/strict'
import type { Pool } from '../../server/platform/database.ts'
import { workOf } from './plan.ts'
import type { Statement } from './recorder.ts'

export interface Allowed {
  /** How many rows each index may give to one statement. Every index that stands here must be used. */
  through: Record<string, number>
  /** How many rows any other index may give; unless said otherwise there must be no other. */
  otherwise?: number
  /** How many rows one statement may sort; as many as a page has unless said otherwise. */
  sorts?: number
  /** SQL that goes before each statement, in a transaction that is taken back. */
  before?: string
}

/** Fails where one of the statements reads or sorts more than is allowed. */
export async function assertReadsOnly(db: Pool, statements: Statement[], allowed: Allowed): Promise<void> {
  assert.deepEqual(await findExcesses(db, statements, allowed), [])
}

/** In words: what the statements do beyond what is allowed, and which index they should use and don't. */
export async function findExcesses(db: Pool, statements: Statement[], allowed: Allowed): Promise<string[]> {
  const excesses: string[] = []
  const used = new Set<string>()
  for (const statement of statements.filter(isPlanned)) {
    const { read, sorted } = await workOf(db, statement, allowed.before)
    const text = statement.text.trim().replaceAll(/\s+/g, ' ').slice(0, 120)
    for (const [name, rows] of read) {
      used.add(name)
      const isWhole = name.startsWith('all of ')
      if (rows > (allowed.through[name] ?? (isWhole ? undefined : allowed.otherwise) ?? -1))
        excesses.push(`${rows} rows through ${name}: ${text}`)
    }
    if (sorted > (allowed.sorts ?? 51)) excesses.push(`${sorted} rows sorted: ${text}`)
  }
  const unused = Object.keys(allowed.through).filter((name) => !used.has(name))
  return [...excesses, ...unused.map((name) => `nothing uses ${name}`)]
}

/** Rows that are only written are looked for nowhere. */
function isPlanned({ text }: Statement): boolean {
  return !/^\s*insert\b/i.test(text) || /\b(select|on conflict)\b/i.test(text)
}
