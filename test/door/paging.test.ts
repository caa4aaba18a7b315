import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, expect, type Organizer, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
for (let n = 0; n < 7; n++)
  await world.paidOrder(club, { email: `c${n}@example.com`, at: `2026-04-2${Math.floor(n / 3)}T10:00:00Z` })
const lists = ['customers', 'orders'] as const
const next = (answer: Answer): string | null => answer.body.pagination.next_page

/** Every page from the first on, by cursors; `between` is done after each page. */
async function readPages(
  who: Organizer,
  list: (typeof lists)[number],
  query: string,
  between = async () => {},
): Promise<Answer[]> {
  const pages: Answer[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = next(pages.at(-1) as Answer)) {
    // a page was just added
    const answer = await world.get(who, `/admin/${list}?${query}&page=${cursor}`)
    expect(200, answer)
    pages.push(answer)
    assert.ok(pages.length < 50, 'the pages never end')
    await between()
  }
  return pages
}

function idsOf(pages: Answer[], list: (typeof lists)[number]): (number | string)[] {
  return pages.flatMap((page) =>
    page.body[list].map((row: { id?: number; public_id?: string }) => row.id ?? row.public_id),
  )
}

test('limit and page out of range are 422 in the usual words', async () => {
  for (const list of lists) {
    for (const limit of ['0', '101', '-1', '1000000', '999999999999999']) {
      const body = expect(422, await world.get(club, `/admin/${list}?limit=${limit}`))
      assert.deepEqual(body, { errors: { limit: ['must be between 1 and 100'] } }, limit)
    }
    for (const limit of ['abc', '1.5', '1e1', '0x10', '%2B5', '%20', '99999999999999999999']) {
      const body = expect(422, await world.get(club, `/admin/${list}?limit=${limit}`))
      assert.deepEqual(body, { errors: { limit: ['is not a number'] } }, limit)
    }
    for (const page of [
      '2',
      'x',
      'null',
      '%20',
      'MjAyNi0wNC0yMg',
      '=',
      'MjAyNi0xMy0yMlQxMjozNDo1MFovMQ',
      'a'.repeat(200),
    ]) {
      const body = expect(422, await world.get(club, `/admin/${list}?page=${page}`))
      assert.deepEqual(body, { errors: { page: ['is invalid'] } }, page)
    }
  }
})

test('a cursor that was changed by a letter is not a cursor', async () => {
  const cursor = next(await world.get(club, '/admin/customers?limit=1'))
  assert.ok(cursor)
  for (const changed of [
    cursor.slice(1),
    cursor.slice(0, -1),
    `${cursor}=`,
    `${cursor}A`,
    cursor.toUpperCase(),
    `%20${cursor}`,
  ]) {
    expect(422, await world.get(club, `/admin/customers?page=${changed}`))
  }
})

test('limit alone and page alone ask for a page; page alone for one of 50', async () => {
  const first = expect(200, await world.get(club, '/admin/customers?limit=3'))
  assert.deepEqual([first.customers.length, first.pagination.limit, first.pagination.total_count], [3, 3, 7])
  const rest = expect(200, await world.get(club, `/admin/customers?page=${first.pagination.next_page}`))
  assert.deepEqual([rest.customers.length, rest.pagination], [4, { total_count: 7, limit: 50, next_page: null }])
})

test('the pages together are the complete list in its order, and no cursor comes twice', async () => {
  for (const list of lists) {
    const whole = expect(200, await world.get(club, `/admin/${list}`))
    for (const limit of [1, 2, 3, 6, 7, 8, 100]) {
      const pages = await readPages(club, list, `limit=${limit}`)
      assert.deepEqual(
        pages.flatMap((page) => page.body[list]),
        whole[list],
      )
      const cursors = pages.map(next)
      assert.equal(new Set(cursors).size, cursors.length)
      assert.equal(cursors.at(-1), null)
      for (const page of pages) {
        assert.deepEqual(page.body.stats, whole.stats)
        assert.deepEqual(page.body.pagination.total_count, 7)
        assert.equal(page.body.pagination.limit, limit)
      }
    }
  }
})

test('a cursor is a string of letters that go into a URL as they are', async () => {
  const cursor = next(await world.get(club, '/admin/customers?limit=2'))
  assert.match(String(cursor), /^[\w-]+$/)
})

test('rows that arrive while someone pages make no row show twice and none be skipped', async () => {
  const busy = await world.organizer()
  const { slug, ticketId } = await world.event(busy)
  const buy = (email: string, at: string) => world.paidOrder(busy, { email, at, eventSlug: slug, ticketId })
  for (let n = 0; n < 6; n++) await buy(`before${n}@example.com`, '2026-04-22T10:00:00Z')
  const before = {
    customers: idsOf([await world.get(busy, '/admin/customers?limit=100')], 'customers'),
    orders: idsOf([await world.get(busy, '/admin/orders?limit=100')], 'orders'),
  }
  for (const list of lists) {
    let n = 0
    // One more in the same second, and one in the next, after every page; and a known customer buys again.
    const pages = await readPages(busy, list, 'limit=2&period=all', async () => {
      await buy(`${list}-same${++n}@example.com`, '2026-04-22T10:00:00Z')
      await buy(`${list}-later${n}@example.com`, new Date(Date.UTC(2026, 3, 22, 12, 0, n)).toISOString())
      await buy('before1@example.com', '2026-04-22T11:00:00Z')
    })
    const ids = idsOf(pages, list)
    assert.equal(new Set(ids).size, ids.length, 'a row came twice')
    for (const id of before[list]) assert.ok(ids.includes(id), `${list} ${id} was skipped`)
  }
})

test('Link is an absolute address that leads to the next page with the same filters, and is absent on the last', async () => {
  for (const list of lists) {
    const query = `period=all_time&query=${encodeURIComponent('example.com')}&limit=3`
    const whole = expect(200, await world.get(club, `/admin/${list}?period=all_time`))
    const found: unknown[] = []
    let path: string | undefined = `/admin/${list}.json?${query}`
    for (let n = 0; path !== undefined; n++) {
      assert.ok(n < 10)
      const answer: Answer = await world.get(club, path)
      found.push(...expect(200, answer)[list])
      const link = /^<(http:\/\/foyer\.test\/[^>]+)>; rel="next"$/.exec(String(answer.headers.link))?.[1]
      assert.equal(link === undefined, next(answer) === null)
      if (link) assert.equal(new URL(link).searchParams.get('page'), next(answer))
      path = link?.slice('http://foyer.test'.length)
    }
    assert.deepEqual(found, whole[list])
  }
})

test('the page after the last row is empty and final', async () => {
  const cursor = Buffer.from('2000-01-01T00:00:00Z/1').toString('base64url')
  const body = expect(200, await world.get(club, `/admin/customers?page=${cursor}`))
  assert.deepEqual([body.customers, body.pagination.next_page, body.pagination.total_count], [[], null, 7])
})

test("another account's cursor reads from that place in the own list, and no row of the other", async () => {
  const other = await world.organizer()
  await world.paidOrder(other, { email: 'other@example.com', at: '2026-04-19T10:00:00Z' })
  const cursor = next(await world.get(club, '/admin/customers?limit=1'))
  const body = expect(200, await world.get(other, `/admin/customers?page=${cursor}`))
  assert.deepEqual(
    body.customers.map((row: { email: string }) => row.email),
    ['other@example.com'],
  )
})
