import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GoodTokens } from './good-tokens.ts'

test('a token is known from when it is noted until too many others are', () => {
  const tokens = new GoodTokens(2)
  const [first, second, third] = [Buffer.from([1, 200]), Buffer.from([2]), Buffer.from([3])]

  tokens.note(first, 11)
  tokens.note(second, 12)
  assert.deepEqual([tokens.find(first), tokens.find(second), tokens.find(third)], [11, 12, undefined])

  tokens.note(third, 13)
  assert.deepEqual([tokens.find(first), tokens.find(second), tokens.find(third)], [undefined, 12, 13])
})
