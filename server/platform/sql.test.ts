import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf, plain, selected, sql } from './sql.ts'

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
