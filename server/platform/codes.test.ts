import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayCode, publicId, publicIdBeginnings, readCode, shortCode, shortCodeBeginnings } from './codes.ts'

const many = 200_000
const symbols = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const code = fc.string({ unit: fc.constantFrom(...symbols), minLength: 8, maxLength: 8 })

function assertEvenlyUsed(texts: string[], alphabet: string): void {
  const times = new Map<string, number>()
  for (const symbol of texts.join('')) times.set(symbol, (times.get(symbol) ?? 0) + 1)
  assert.deepEqual([...times.keys()].sort().join(''), alphabet)
  const expected = texts.join('').length / alphabet.length
  for (const [symbol, count] of times)
    assert.ok(Math.abs(count - expected) < 8 * Math.sqrt(expected), `${symbol}: ${count}, not ${expected}`)
}

test('public ids are 20 letters and digits, never the same, every symbol as often as the next', () => {
  const ids = Array.from({ length: many }, publicId)
  assert.ok(ids.every((id) => /^[a-z0-9]{20}$/.test(id)))
  assert.equal(new Set(ids).size, many)
  assertEvenlyUsed(ids, '0123456789abcdefghijklmnopqrstuvwxyz')
})

test('short codes are 8 symbols that nobody takes for each other, every symbol as often as the next', () => {
  const codes = Array.from({ length: many }, shortCode)
  assert.ok(codes.every((each) => /^[2-9A-HJKMNP-Z]{8}$/.test(each)))
  assert.ok(new Set(codes).size >= many - 3)
  assertEvenlyUsed(codes, symbols)
})

test('a code is read as it was shown, in any case, with or without dash, with blanks around', () => {
  assert.equal(displayCode('7K3Q9D2A'), '7K3Q-9D2A')
  for (const text of ['7K3Q9D2A', '7K3Q-9D2A', '7k3q-9d2a', ' 7k3Q9d2A\n']) assert.equal(readCode(text), '7K3Q9D2A')
  fc.assert(
    fc.property(code, (each) => {
      assert.equal(readCode(each), each)
      assert.equal(readCode(` ${displayCode(each).toLowerCase()}\t`), each)
    }),
  )
})

test('what can be no code is none', () => {
  const odd = [
    '',
    '-',
    '7K3Q',
    '7K3Q-9D2',
    '7K3Q-9D2AA',
    '7K-3Q9D2A',
    '7K3Q--9D2A',
    '7K3Q 9D2A',
    '-7K3Q9D2A',
    '7K3Q-9D2\u0000',
    '７K3Q-9D2A',
  ]
  const lookalikes = [
    '7K3Q-9D20',
    '7K3Q-9D2O',
    '7K3Q-9D21',
    '7K3Q-9D2I',
    '7K3Q-9D2L',
    '7K3Q-9D2\u017f',
    '7\u212a3Q-9D2A',
    '7K3Q-9D\u00df',
  ]
  for (const text of [...odd, ...lookalikes]) assert.equal(readCode(text), undefined, JSON.stringify(text))
  fc.assert(
    fc.property(fc.string(), (text) =>
      assert.ok(readCode(text) === undefined || text.trim().replace('-', '').length === 8),
    ),
  )
})

for (const [what, draw, beginnings] of [
  ['public ids', publicId, publicIdBeginnings],
  ['short codes', shortCode, shortCodeBeginnings],
] as const) {
  test(`${what} that are written together go up but for those that begin alike, ten at least`, () => {
    for (const count of [1, 9, 300, 10_000]) {
      const starts = [...iterate(beginnings(count))]
      assert.equal(starts.length, count)
      assert.deepEqual(starts, starts.toSorted())
      const alike = Map.groupBy(starts, (start) => start)
      assert.ok(Math.min(...[...alike.values()].map(({ length }) => length)) >= Math.min(count, 10))
      const texts = starts.map((start) => draw(start))
      assert.equal(new Set(texts.map(({ length }) => length)).size, 1)
      assert.ok(texts.every((text, n) => text.startsWith(starts[n] ?? '-')))
    }
  })
}

function* iterate<T>(items: Iterator<T, undefined>): Generator<T> {
  for (let next = items.next(); !next.done; next = items.next()) yield next.value
}
