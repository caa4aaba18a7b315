import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { rowsAsText, textReader } from './rows-as-text.ts'
import { ask, type Sql, sql } from './sql.ts'

const { db } = await testDatabase()

/** What the text says, and what a plain question gives. */
async function bothWays(names: string[], statement: Sql): Promise<[object[], object[]]> {
  const read = await textReader(db, statement)
  const [row] = await ask<{ text: string | null }>(db, sql`select ${rowsAsText(names)(statement)} as text`)
  return [read(row?.text ?? null), (await ask(db, statement)).map((asked) => ({ ...asked }))]
}

test('every type and every text comes as it does row by row, in the same order', async () => {
  const odd = ['', 'null', 'a\x1fb\x1ec\x1dd', 'Łukasz 🎟\n\t“Zoë”', '\\N', '{"a": 1}']
  const statement = sql`
    select place::integer as id, text, null::text as nothing, place % 2 = 0 as even, ${9007199254740993n}::bigint as total_minor,
           ${new Date('2026-04-22T12:34:50Z')}::timestamptz(0) as paid_at, date '2026-04-22' as day,
           jsonb_build_object('text', text) as attribution
    from unnest(${odd}::text[]) with ordinality as texts (text, place) order by place desc`
  const names = ['id', 'text', 'nothing', 'even', 'total_minor', 'paid_at', 'day', 'attribution']

  const [read, asked] = await bothWays(names, statement)

  assert.equal(read.length, odd.length)
  assert.deepEqual(read, asked)
})

test('no row is nothing', async () => {
  assert.deepEqual(await bothWays(['one'], sql`select 1 as one where ${1} = 2`), [[], []])
})
