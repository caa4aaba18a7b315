import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Line, readLines } from './read-lines.ts'

async function read(bytes: Buffer, chunkSize = bytes.length): Promise<Line[]> {
  async function* source() {
    for (let start = 0; start < bytes.length; start += chunkSize) yield bytes.subarray(start, start + chunkSize)
  }
  const lines: Line[] = []
  for await (const bunch of readLines(source())) lines.push(...bunch)
  return lines
}

test('lines are the same however the file is cut, in the middle of a letter too', async () => {
  const bytes = Buffer.from('{"name":"Jörg"}\n\n  \r\n{"name":"東京 🎟"}\r\n{"last":1}')
  const whole = await read(bytes)

  for (const size of [1, 2, 3, 7, 16]) assert.deepEqual(await read(bytes, size), whole)
  assert.deepEqual(whole, [
    { number: 1, text: '{"name":"Jörg"}' },
    { number: 4, text: '{"name":"東京 🎟"}\r' },
    { number: 5, text: '{"last":1}' },
  ])
})

test('a byte order mark before the first line does not count', async () => {
  assert.deepEqual(await read(Buffer.from('\uFEFF{}\n{}')), [
    { number: 1, text: '{}' },
    { number: 2, text: '{}' },
  ])
})

test('a line that is not UTF-8 is a problem, its neighbours are not', async () => {
  const bytes = Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from('\n{"b":2}\n')])
  for (const size of [1, 5, bytes.length]) {
    assert.deepEqual(await read(bytes, size), [
      { number: 1, text: '{"a":1}' },
      { number: 2, problem: 'is not UTF-8' },
      { number: 3, text: '{"b":2}' },
    ])
  }
})

test('a line of more than a megabyte is a problem, wherever it stands and however it comes', async () => {
  const long = 'x'.repeat(1_000_001)
  const problem = 'is longer than 1 MB'
  for (const size of [65_536, 3_000_000]) {
    assert.deepEqual(await read(Buffer.from(`{}\n${long}\n{}`), size), [
      { number: 1, text: '{}' },
      { number: 2, problem },
      { number: 3, text: '{}' },
    ])
    assert.deepEqual(await read(Buffer.from(`${long}${long}`), size), [{ number: 1, problem }])
  }
})

test('no bytes are no lines', async () => {
  assert.deepEqual(await read(Buffer.alloc(0)), [])
  assert.deepEqual(await read(Buffer.from('\n\n')), [])
})
