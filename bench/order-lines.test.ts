import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesOf, searchWords } from './buyers.ts'
import { orderCount, orderLines } from './order-lines.ts'

const now = new Date('2026-04-22T12:34:50Z')
const customers = 5000

interface Line {
  ref: string
  paid_at: string
  email: string
  name: string
  company: string | null
  marketing_consent: boolean
}

async function linesOf(seed: number): Promise<Line[]> {
  let text = ''
  for await (const chunk of orderLines(seed, customers, now)) text += chunk
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('the same seed writes the same orders, another seed other people', async () => {
  assert.deepEqual(await linesOf(1), await linesOf(1))
  assert.notDeepEqual(await linesOf(1), await linesOf(2))
})

test('1.3 orders for each customer, oldest first, each ref once, the latest within a day', async () => {
  const lines = await linesOf(1)
  const times = lines.map((line) => line.paid_at)
  assert.equal(lines.length, customers * 1.3)
  assert.equal(lines.length, orderCount(customers))
  assert.equal(new Set(lines.map((line) => line.ref)).size, lines.length)
  assert.equal(new Set(lines.map((line) => line.email)).size, customers)
  assert.deepEqual(times, times.toSorted())
  assert.ok(new Date(times.at(-1) ?? 0) <= now)
  assert.ok(now.getTime() - new Date(times.at(-1) ?? 0).getTime() < 86_400_000)
})

test('one customer in a thousand has five orders, and four in ten gave their consent', async () => {
  const lines = await linesOf(1)
  const orders = Map.groupBy(lines, (line) => line.email)
  assert.equal([...orders.values()].filter((own) => own.length === 5).length, customers / 1000)
  assert.equal([...orders.values()].filter((own) => own.some((line) => line.marketing_consent)).length, customers * 0.4)
})

test('each search word is found as often as is promised, the old one only in the first third', async () => {
  const lines = await linesOf(1)
  for (const word of ['five', 'some', 'many', 'old'] as const) {
    const found = lines.filter(({ email, name, company }) =>
      `${email} ${name} ${company}`.toLowerCase().includes(searchWords[word]),
    )
    const count = new Set(found.map((line) => line.email)).size
    const expected = matchesOf(word, customers)
    assert.ok(Math.abs(count - expected) <= expected * 0.02, `${word}: ${count} in place of ${expected}`)
    const firsts = Map.groupBy(found, (line) => line.email).values()
    const latestFirst = Math.max(...[...firsts].map(([first]) => Date.parse(first?.paid_at ?? '')))
    if (word === 'old') assert.ok(now.getTime() - latestFirst > 1.9 * 365 * 86_400_000)
  }
})
