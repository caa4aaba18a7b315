import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { copyRows } from './copy-rows.ts'
import { inSnapshot } from './database.ts'
import { ask, type Sql, sql } from './sql.ts'

const { db } = await testDatabase()

function decoded(row: object): object {
  const text = (value: unknown) => (typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : value)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]))
}

/** What COPY gives, in UTF-8 again, beside what a plain question gives. */
function bothWays(statement: Sql): Promise<[object[], object[]]> {
  return inSnapshot(db, async (tx) => {
    const copied: object[] = []
    for await (const rows of copyRows(tx, statement)) copied.push(...rows.map(decoded))
    return [copied, (await ask(tx, statement)).map((row) => ({ ...row }))]
  })
}

const odd = [
  "O'Neill",
  '\\N',
  'a\tb\nc\rd',
  '\\',
  '\\t',
  '',
  'Łukasz 🎟 “Zoë”',
  '{"a": "b"}',
  '$1',
  '\u007f\u0085',
  "x\\'; --",
]

test('every text comes as it was, whatever it holds, as a value of the statement and as a cell', async () => {
  const [copied, asked] = await bothWays(sql`
    select place, given, given || ${"'\\"} as both_ways, null as nothing
    from unnest(${odd}::text[]) with ordinality as texts (given, place) where given <> ${"it's"} order by place`)

  assert.deepEqual(
    asked.map((row) => (row as { given: string }).given),
    odd,
  )
  assert.deepEqual(copied, asked)
})

test('every type comes as it does otherwise', async () => {
  const [copied, asked] = await bothWays(sql`
    select ${7}::integer as a_number, ${9007199254740993n}::bigint as total_minor, ${true}::boolean as yes, not ${true} as no,
           ${new Date('2026-04-22T12:34:50Z')}::timestamptz(0) as paid_at, date '2026-04-22' as day,
           '{"a": [1, "\\t"]}'::jsonb as attribution, ${Buffer.from([0, 92, 255])}::bytea = '\\x005cff' as same,
           3 = any (${[1, 2, 3]}::integer[]) as listed, ${null}::text as nothing`)

  assert.deepEqual(copied, asked)
  assert.equal(copied.length, 1)
})

test('no row is nothing, and thousands come in their order', async () => {
  const [none] = await bothWays(sql`select 1 as one where ${1} = 2`)
  const [copied, asked] = await bothWays(
    sql`select n, repeat('ü', n % 50) as text from generate_series(1, ${20_000}) n`,
  )

  assert.deepEqual(none, [])
  assert.deepEqual(copied, asked)
})
