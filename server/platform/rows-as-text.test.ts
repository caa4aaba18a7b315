import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { textForms } from './rows-as-text.ts'
import { ask, type Sql, sql } from './sql.ts'

const { db } = await testDatabase()

/** What each of the two forms says, and what a plain question gives. */
async function everyWay(names: string[], statement: Sql): Promise<[short: unknown, long: unknown, asked: object[]]> {
  const [short, long] = await Promise.all(
    textForms(names).map(async ({ write, reader }) => {
      const read = await reader(db, () => statement)
      const [row] = await ask<{ text: string | null }>(db, sql`select ${write(statement)} as text`)
      return read(row?.text ?? null)
    }),
  )
  return [short, long, (await ask(db, statement)).map((asked) => ({ ...asked }))]
}

function ofEveryType(texts: string[]): Sql {
  return sql`
    select place::integer as id, text, null::text as nothing, place % 2 = 0 as even, ${9007199254740993n}::bigint as total_minor,
           ${new Date('2026-04-22T12:34:50Z')}::timestamptz(0) as paid_at, date '2026-04-22' as day,
           jsonb_build_object('text', text) as attribution
    from unnest(${texts}::text[]) with ordinality as texts (text, place) order by place desc`
}
const names = ['id', 'text', 'nothing', 'even', 'total_minor', 'paid_at', 'day', 'attribution']

test('every type and every text comes as it does row by row, in the same order', async () => {
  const odd = ['', 'null', 'Łukasz 🎟\n\t“Zoë”', '\\N', '{"a": 1}', '\x1c\x01']

  const [short, long, asked] = await everyWay(names, ofEveryType(odd))

  assert.equal(asked.length, odd.length)
  assert.deepEqual(short, asked)
  assert.deepEqual(long, asked)
})

const whole = ['', 't', '1', '2026-04-22 12:34:50+00', '2026-04-22', '{}'].join('\x1f')
const withSeparators = {
  'a cell more': 'a\x1fb',
  'a line more': 'a\x1eb',
  'a null': '\x1d',
  'a null within': 'a\x1d',
  'a whole row more': `a\x1f${whole}\x1e7\x1fb`,
}
for (const [what, text] of Object.entries(withSeparators))
  test(`a text that says ${what} is not taken for one`, async () => {
    const [short, long, asked] = await everyWay(names, ofEveryType(['before', text, 'behind']))

    assert.deepEqual(long, asked)
    if (short !== undefined) assert.deepEqual(short, asked)
  })

test('the short form says so where it can not hold a text', async () => {
  const [short] = await everyWay(names, ofEveryType([withSeparators['a whole row more']]))

  assert.equal(short, undefined)
})

test('no row is nothing', async () => {
  assert.deepEqual(await everyWay(['one'], sql`select 1 as one where ${1} = 2`), [[], [], []])
})
