import { type Pool, type Tx, violatedConstraint } from '../../server/platform/database.ts'
import type { Statement } from './recorder.ts'

/** What a statement did when it was run, in rows. */
export interface Work {
  /** Read through each index; a table that is read without one has a name like "all of customers". */
  read: Map<string, number>
  sorted: number
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Node[]
}

const takenBack = Symbol('taken back')
let count = 0

/**
 * Runs the statement once more as the server runs it, after `before`, says what it did, and takes it all back. What can't
 * be done twice is only planned: then its indexes are known, and no rows.
 */
export async function workOf(db: Pool, statement: Statement, before = ''): Promise<Work> {
  const options = 'analyze, buffers off, timing off, summary off, '
  const plan = await explain(db, statement, before, options).catch((error: unknown) => {
    if (violatedConstraint(error) === undefined) throw error
    return explain(db, statement, before, '')
  })
  const work: Work = { read: new Map(), sorted: 0 }
  addUp(plan, work)
  return work
}

async function explain(db: Pool, { text, types, values, mode }: Statement, before: string, options: string) {
  const name = `planned_${++count}`
  let plan: Node | undefined
  const act = async (tx: Tx) => {
    const declared = await tx<{ name: string }[]>`
      select case t when 0 then 'unknown' else format_type(t, null) end as name
      from unnest(${types.map((type) => type || 0)}::oid[]) with ordinality u (t, n) order by n`
    if (before) await tx.unsafe(before)
    await tx.unsafe(`set local plan_cache_mode = force_${mode}_plan`)
    await tx.unsafe(`prepare ${name} ${inBrackets(declared.map((type) => type.name))} as ${text}`)
    const [row] = await tx.unsafe<{ queryPlan: [{ Plan: Node }] }[]>(
      `explain (${options} format json) execute ${name} ${inBrackets(values.map(literal))}`,
    )
    plan = row && Object.values(row)[0]?.[0].Plan
    throw takenBack
  }
  await db.begin(act).catch((error: unknown) => {
    if (error !== takenBack) throw error
  })
  if (!plan) throw new Error('explain without a plan')
  return plan
}

function inBrackets(words: string[]): string {
  return words.length === 0 ? '' : `(${words.join()})`
}

function literal(value: unknown): string {
  return value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`
}

function addUp(node: Node, work: Work): void {
  const isWhole = node['Node Type'].endsWith('Seq Scan')
  const name = node['Index Name'] ?? (isWhole ? `all of ${node['Relation Name']}` : undefined)
  if (name !== undefined) work.read.set(name, (work.read.get(name) ?? 0) + rowsReadBy(node))
  const sources = node.Plans ?? []
  if (node['Node Type'] === 'Sort') work.sorted = Math.max(work.sorted, ...sources.map(rowsOf))
  for (const source of sources) addUp(source, work)
}

function rowsReadBy(node: Node): number {
  const left = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return rowsOf(node) + Math.round(left * (node['Actual Loops'] ?? 0))
}

function rowsOf(node: Node): number {
  return Math.round((node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0))
}
