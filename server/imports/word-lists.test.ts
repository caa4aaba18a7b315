import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { openPool } from '../platform/database.ts'
import { importOrders } from './import-orders.ts'
import type { Progress } from './progress.ts'
import { keepWordLists } from './word-lists.ts'

const world = await openWorld()

const line = (n: number) => ({
  ref: `R-${n}`,
  paid_at: '2026-04-20T12:00:00Z',
  email: `buyer-${n}@example.com`,
  event_slug: 'spring-showcase',
  items: [{ ticket_title: 'General Admission', unit_price: '21.00', quantity: 1 }],
})

/** How many pages of rows that wait to be sorted in there were, in each of the two indexes. */
async function waitingPages(): Promise<number[]> {
  const rows = await world.db<{ pages: bigint }[]>`
    select gin_clean_pending_list(index::regclass) as pages
    from unnest(array['orders_by_words', 'customers_by_words']) index`
  return rows.map(({ pages }) => Number(pages))
}

async function bringIn(lines: object[], onProgress: Progress = () => {}) {
  const club = await world.organizer()
  await world.event(club)
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  async function* source() {
    yield Buffer.from(lines.map((each) => JSON.stringify(each)).join('\n'))
  }
  return importOrders(world.db, account, source(), { createEvents: false, dryRun: false, now: world.now(), onProgress })
}

const lines = Array.from({ length: 2000 }, (_, n) => line(n))

test('after an import no row waits to be found by its words', async () => {
  await bringIn(lines)
  assert.deepEqual(await waitingPages(), [0, 0])
})

test('after an import that failed late no row waits either', async () => {
  const late: Progress = (_count, phase) => {
    if (phase === 'customers') throw new Error('the line to the terminal broke')
  }
  await assert.rejects(bringIn(lines, late), /terminal broke/)
  assert.deepEqual(await waitingPages(), [0, 0])
})

test('a database user who does not own the indexes leaves the lists to PostgreSQL', async () => {
  await world.db.unsafe("create role stranger login password 'plain'")
  const url = new URL(world.url)
  url.username = 'stranger'
  url.password = 'plain'
  const db = openPool(url.href, { max: 2 })
  try {
    const lists = keepWordLists(db)
    await lists.end()
    assert.equal(lists.areKept(), false)
  } finally {
    await db.end()
    await world.db.unsafe('drop role stranger')
  }
})
