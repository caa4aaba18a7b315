import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
await world.paidOrder(club, { email: 'old@example.com', at: '2025-01-10T12:00:00Z' })
await world.paidOrder(club, { email: 'year@example.com', at: '2026-01-10T12:00:00Z' })
await world.paidOrder(club, { email: 'month@example.com', at: '2026-04-02T12:00:00Z' })
await world.paidOrder(club, { email: 'week@example.com', at: '2026-04-20T12:00:00Z', marketingConsent: true })
await world.paidOrder(club, { email: 'today@example.com', at: '2026-04-22T12:34:50Z' })
const lists = ['customers', 'orders'] as const

async function emails(list: string, query: string): Promise<string[]> {
  const body = expect(200, await world.get(club, `/admin/${list}?${query}`))
  return body[list].map((row: Record<string, string>) => (row.email ?? row.customer_email ?? '').split('@')[0])
}

async function errors(path: string): Promise<unknown> {
  return expect(422, await world.get(club, path))
}

test('both spellings of a period mean the same, and this month is the default', async () => {
  const months = ['today', 'week', 'month']
  const spellings = [
    [['today'], ['today']],
    [
      ['this_week', 'week'],
      ['today', 'week'],
    ],
    [['this_month', 'month', ''], months],
    [
      ['this_year', 'year'],
      [...months, 'year'],
    ],
    [
      ['all_time', 'all'],
      [...months, 'year', 'old'],
    ],
  ] as const
  for (const list of lists) {
    for (const [words, found] of spellings) {
      for (const word of words) assert.deepEqual(await emails(list, `period=${word}`), found, `${list} ${word}`)
    }
    assert.deepEqual(await emails(list, ''), months)
  }
})

test('an unknown period is 422 on period, also on events', async () => {
  for (const path of ['customers', 'orders', 'events']) {
    for (const word of ['fortnight', 'TODAY', 'this week', 'today,week']) {
      const body = await errors(`/admin/${path}?period=${encodeURIComponent(word)}`)
      assert.deepEqual(body, { errors: { period: ['is not included in the list'] } })
    }
  }
})

test('an empty parameter is as if absent', async () => {
  for (const list of lists) {
    const query = 'period=&event_slug=&query=&marketing_only=&include_archived=&limit=&page='
    const empty = expect(200, await world.get(club, `/admin/${list}?${query}`))
    assert.deepEqual(empty, expect(200, await world.get(club, `/admin/${list}`)))
  }
})

test('a parameter without = is empty, an unknown one is ignored, a lone & is nothing', async () => {
  const whole = expect(200, await world.get(club, '/admin/customers'))
  for (const query of ['period', '&', '&&period=&', 'nonsense=1&x[]=2&y=', '=1', 'utf8=%E2%9C%93']) {
    assert.deepEqual(expect(200, await world.get(club, `/admin/customers?${query}`)), whole, query)
  }
})

test('booleans are 1 or true, 0 or false, and nothing else', async () => {
  for (const yes of ['1', 'true']) assert.deepEqual(await emails('customers', `marketing_only=${yes}`), ['week'])
  for (const no of ['0', 'false', '']) assert.equal((await emails('customers', `marketing_only=${no}`)).length, 3)
  for (const odd of ['2', 'yes', 'TRUE', 'on', '01', '-1', '1.0', ' 1', 'null']) {
    assert.deepEqual(
      await errors(`/admin/customers?marketing_only=${odd}`),
      { errors: { marketing_only: ['is not included in the list'] } },
      odd,
    )
    assert.deepEqual(
      await errors(`/admin/orders?include_archived=${odd}`),
      { errors: { include_archived: ['is not included in the list'] } },
      odd,
    )
  }
})

test('a parameter given twice is 422 on that parameter', async () => {
  assert.deepEqual(await errors('/admin/customers?period=today&period=today'), { errors: { period: ['is invalid'] } })
  assert.deepEqual(await errors('/admin/orders?limit=1&limit=2'), { errors: { limit: ['is invalid'] } })
})

test('a NUL or broken UTF-8 in a query is 422 on that parameter', async () => {
  for (const odd of ['%00', 'a%00b', '%FF', '%C3', '%ED%A0%80', '%zz', '%']) {
    for (const name of ['query', 'period', 'event_slug', 'page', 'marketing_only', 'unknown']) {
      const body = await errors(`/admin/customers?${name}=${odd}`)
      assert.deepEqual(body, { errors: { [name]: ['is invalid'] } }, `${name}=${odd}`)
    }
  }
})

test('a long query is 422 and not a search', async () => {
  const body = await errors(`/admin/customers?query=${'x'.repeat(201)}`)
  assert.deepEqual(body, { errors: { query: ['is too long (maximum is 200 characters)'] } })
})

test('a space is written + or %20', async () => {
  await world.paidOrder(club, { email: 'plus@example.com', name: 'Anna Maria', at: '2026-04-22T12:34:50Z' })
  assert.deepEqual(await emails('customers', 'query=anna+maria'), ['plus'])
  assert.deepEqual(await emails('customers', 'query=anna%20maria'), ['plus'])
  assert.deepEqual(await emails('customers', 'query=plus%40example.com'), ['plus'])
})

test('an unknown event slug is 404, in customers and in orders', async () => {
  for (const list of lists) {
    for (const slug of ['unknown', 'UNKNOWN-%F0%9F%8E%9F', '%27', '0']) {
      const answer = await world.get(club, `/admin/${list}?event_slug=${slug}`)
      assert.deepEqual([answer.status, answer.body], [404, { error: 'Not found' }])
    }
  }
})

test('several bad parameters are all named', async () => {
  assert.deepEqual(await errors('/admin/customers?period=x&limit=0&marketing_only=x'), {
    errors: {
      period: ['is not included in the list'],
      marketing_only: ['is not included in the list'],
      limit: ['must be between 1 and 100'],
    },
  })
})
