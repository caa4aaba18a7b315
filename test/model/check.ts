import assert from 'node:assert/strict'
import { expect, type Organizer, type World } from '../support/world.ts'

export type Question = Record<string, string | undefined>

/** What a list must answer to a question, whole. */
export interface Expected {
  path: string
  name: 'customers' | 'orders'
  question: Question
  rows: object[]
  stats: object
}

/** The complete list is what the model says, row for row; the seed's keys lead. */
export async function checkCompleteList(world: World, club: Organizer, expected: Expected): Promise<void> {
  const { path, name, question, rows, stats } = expected
  const answer = await world.get(club, `${path}${search(question)}`)
  const body = expect(200, answer)
  assert.deepEqual(body[name], rows)
  assert.deepEqual(body.stats, stats)
  assert.deepEqual(body.pagination, { total_count: rows.length, limit: null, next_page: null })
  assert.deepEqual(Object.keys(body), [name, 'stats', 'pagination'])
  for (const row of body[name].slice(0, 1))
    assert.deepEqual(Object.keys(row).slice(0, seedKeys[name].length), seedKeys[name])
}

const seedKeys = {
  customers: [
    'id',
    'email',
    'name',
    'company',
    'total_spent',
    'marketing_consent',
    'marketing_consent_at',
    'created_at',
  ],
  orders: [
    'public_id',
    'status',
    'customer_name',
    'customer_email',
    'total',
    'payment_provider',
    'paid_at',
    'created_at',
    'item_count',
  ],
}

/** Both spellings of the path answer byte for byte the same, whatever the second one's Accept. */
export async function checkSpellings(world: World, club: Organizer, { path, question }: Expected): Promise<void> {
  const answer = await world.get(club, `${path}${search(question)}`)
  const twin = await world.get(club, `${path}.json${search(question)}`, { accept: 'text/html' })
  assert.equal(twin.text, answer.text)
}

/** Walking all pages gives the very rows of the complete list, once each; every page has the same stats. */
export async function checkPages(world: World, club: Organizer, expected: Expected, limit: number): Promise<void> {
  const { path, name, question, rows, stats } = expected
  const walked: object[] = []
  const cursors = new Set<string>()
  for (let page: string | undefined; ; ) {
    const answer = await world.get(club, `${path}${search({ ...question, limit: String(limit), page })}`)
    const body = expect(200, answer)
    const { next_page: next } = body.pagination
    walked.push(...body[name])
    assert.deepEqual(body.stats, stats)
    assert.deepEqual(body.pagination, { total_count: rows.length, limit, next_page: next })
    assert.equal(body[name].length, Math.min(limit, rows.length - walked.length + body[name].length))
    assert.equal(answer.headers.link !== undefined, next !== null)
    if (next === null) break
    assert.ok(!cursors.has(next), 'a cursor repeats')
    cursors.add(next)
    page = next
  }
  assert.deepEqual(walked, rows)
}

export function search(question: Question): string {
  const pairs = Object.entries(question).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** Says which question it was that went wrong. */
export async function asking(expected: Expected, now: string, check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (error) {
    throw new Error(
      `GET ${expected.path}${search(expected.question)} at ${now}: ${error instanceof Error ? error.message : error}`,
    )
  }
}
