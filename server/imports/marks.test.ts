import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distinctCodes } from './distinct-codes.ts'
import { Marks } from './marks.ts'

test('what was added is always known, and few others are', () => {
  const marks = new Marks(2 ** 20, 1)
  let mistaken = 0
  for (let n = 0; n < 50_000; n++) if (marks.add(`EXT-${n}`)) mistaken += 1
  for (let n = 0; n < 50_000; n++) assert.equal(marks.add(`EXT-${n}`), true)
  assert.ok(mistaken < 2500, `${mistaken} were taken for known`)
})

test('with several marks for each, hardly any other is taken for known', () => {
  const marks = new Marks(2 ** 20, 4)
  let mistaken = 0
  for (let n = 0; n < 20_000; n++) if (marks.add(`EXT-${n}`)) mistaken += 1
  for (let n = 0; n < 20_000; n++) assert.equal(marks.add(`EXT-${n}`), true)
  assert.ok(mistaken < 10, `${mistaken} were taken for known`)
})

test('marks that are half full hold every text for known', () => {
  const marks = new Marks(2 ** 10, 1)
  for (let n = 0; !marks.isFull; n++) marks.add(`EXT-${n}`)
  for (let n = 0; n < 100; n++) assert.equal(marks.add(`another-${n}`), true)
})

test('codes that are drawn together all differ', () => {
  const drawCode = distinctCodes()
  const codes = Array.from({ length: 300_000 }, (_, n) => drawCode('ABC'.charAt(n % 3)))
  assert.equal(new Set(codes).size, codes.length)
  assert.deepEqual([...new Set(codes.map((code) => code.charAt(0)))], ['A', 'B', 'C'])
})
