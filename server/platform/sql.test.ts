import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { ask, columnsOf, plain, selected, sql } from './sql.ts'

const { db } = await testDatabase()

test('pieces are put into each other, and every value stands at its place', () => {
  const where = sql`a = ${1} and ${sql`b = ${'two'}`}${sql``} ${plain('and c')}`
  const { texts, values } = sql`select ${3n} from t where ${where} limit ${null}`

  assert.deepEqual(texts, ['select ', ' from t where a = ', ' and b = ', ' and c limit ', ''])
  assert.deepEqual(values, [3n, 1, 'two', null])
})

test('a column that a part does not have is null there', () => {
  const { texts, values } = selected(['id', 'name', 'sum'], { ...columnsOf('c', ['id']), sum: sql`c.sum + ${1}` })

  assert.deepEqual(texts, ['c.id as id, null as name, c.sum + ', ' as sum'])
  assert.deepEqual(values, [1])
})

test('the very same instant or list is sent once, and equal values of another kind each by itself', async () => {
  const [now, names] = [new Date('2026-04-22T12:34:50Z'), ['a', 'b']]
  const rows = await ask(
    db,
    sql`
    select ${now}::timestamptz as at, ${names}::text[] as names, ${1}::integer as one, ${1}::bigint as large,
           ${now}::timestamptz as again, ${names}::text[] as same`,
  )

  assert.deepEqual([...rows.statement.string.matchAll(/\$\d/g)].join(), '$1,$2,$3,$4,$1,$2')
  const at = '2026-04-22T12:34:50Z'
  assert.deepEqual({ ...rows[0] }, { at, names, one: 1, large: 1n, again: at, same: names })
})
