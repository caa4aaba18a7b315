import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { search } from '../model/check.ts'
import { customersOf } from '../model/customers.ts'
import { type Buy, buys, type History, histories } from '../model/history.ts'
import { patience } from '../model/patience.ts'
import { play } from '../model/play.ts'
import { playPurchase } from '../model/play-purchase.ts'
import type { Stage } from '../model/stage.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()

test('who pages while others buy is shown every row that was there once: none twice, none skipped', async () => {
  const { within, parameters } = patience(8, 8)
  const property = async (history: History, buying: Buy[], limit: number) => {
    const stage = await play(world, history)
    const arrive = newcomers(stage, buying)
    const customerIds = customersOf(stage.ledger).map((customer) => customer.id)
    assertOnce(await walk(stage, 'customers', limit, arrive), customerIds)
    const orderIds = stage.ledger.orders.map((order) => order.publicId)
    assertOnce(await walk(stage, 'orders', limit, arrive), orderIds)
  }
  const arrivals = fc.array(buys, { minLength: 1, maxLength: 8, size: 'max' })
  const limits = fc.integer({ min: 1, max: 3 })
  await fc.assert(fc.asyncProperty(histories(12), arrivals, limits, within(property)), parameters)
})

/** Each call is one more purchase, at any time before or after the others', by someone new: nobody moves in the list. */
function newcomers(stage: Stage, buying: Buy[]): () => Promise<void> {
  let number = 0
  return async () => {
    const act = buying[number % buying.length]
    number += 1
    const address = `newcomer-${number}@example.com`
    if (act) await playPurchase(stage, { ...act, email: { stored: address, typed: address } })
  }
}

async function walk(
  stage: Stage,
  name: 'customers' | 'orders',
  limit: number,
  between: () => Promise<void>,
): Promise<unknown[]> {
  const seen: unknown[] = []
  for (let page: string | undefined; ; ) {
    const question = { period: 'all', include_archived: '1', limit: String(limit), page }
    const body = expect(200, await world.get(stage.club, `/admin/${name}${search(question)}`))
    seen.push(...body[name].map((row: { id?: number; public_id?: string }) => row.id ?? row.public_id))
    if (body.pagination.next_page === null) return seen
    page = body.pagination.next_page
    if (seen.length < 40) await between()
  }
}

function assertOnce(seen: unknown[], expected: unknown[]): void {
  assert.equal(new Set(seen).size, seen.length, 'a row is shown twice')
  assert.deepEqual(
    expected.filter((id) => !seen.includes(id)),
    [],
    'a row is skipped',
  )
}
