import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { copyIn } from './copy.ts'
import { isDatabaseError, transaction } from './database.ts'

const { db } = await testDatabase()
await db`create table numbers (number integer check (number <> 13))`
const copied = (lines: string[]) => transaction(db, (tx) => copyIn(tx, 'copy numbers from stdin', lines))

for (const [what, lines] of [
  ['a line in the middle', ['1\n', 'one\n', ...Array.from({ length: 100_000 }, () => '2\n')]],
  ['the last line, once all was sent', ['1\n', 'one']],
  ['a row that may not be', ['12\n', '13\n']],
] as const) {
  test(`a COPY that is refused for ${what} fails, and leaves nothing`, { timeout: 20_000 }, async () => {
    await assert.rejects(copied([...lines]), isDatabaseError)
    assert.equal((await db`select from numbers`).length, 0)
  })
}

test('lines arrive as they were sent', async () => {
  await copied(['1\n2', '\n3\n'])
  const numbers = await db<{ number: number }[]>`select number from numbers order by 1`
  assert.deepEqual(
    numbers.map(({ number }) => number),
    [1, 2, 3],
  )
})
