import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wholeResults } from './whole-results.ts'

const message = (type: string, body = '') => {
  const head = Buffer.alloc(5, type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, Buffer.from(body)])
}

function handedOn(pieces: Buffer[]): string {
  const seen: Buffer[] = []
  const take = wholeResults((bytes) => seen.push(Buffer.from(bytes)))
  for (const piece of pieces) take(piece)
  return Buffer.concat(seen).toString('latin1')
}

/** The messages of these types, each with a body of its own. */
const messages = (types: string) => [...types].map((type, index) => message(type, `${type}${index}`))

for (const [sent, seen] of [
  ['R S Z', 'RSZ'],
  ['1 2 T D D C Z', '12TDDCZ'],
  ['T D D E Z', 'TEZ'],
  ['T D D', 'T'],
  ['T D D s D s C Z', 'TDDsDsCZ'],
  ['T D N D C Z', 'TDNDCZ'],
  ['H d d d c C Z', 'HdddcCZ'],
  ['T D E Z T D C Z', 'TEZTDCZ'],
] as const) {
  test(`of ${sent} the driver sees ${seen}, however it is cut into pieces`, () => {
    const all = messages(sent.replaceAll(' ', ''))
    const kept = [...all]
    const expected = [...seen].map((type) => {
      const index = kept.findIndex((one) => String.fromCharCode(one[0] ?? 0) === type)
      return kept.splice(0, index + 1).at(-1) ?? Buffer.alloc(0)
    })
    const bytes = Buffer.concat(all)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        assert.equal(handedOn(pieces), Buffer.concat(expected).toString('latin1'))
      }),
    )
  })
}
