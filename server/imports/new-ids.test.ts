import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import { transaction } from '../platform/database.ts'
import { openIds } from './new-ids.ts'

const world = await openWorld()

test('new ids are all different, and no more are left over than were used', async () => {
  const used: number[] = []
  let questions = 0
  await transaction(world.db, async (tx) => {
    const draw = openIds(async () => {
      questions += 1
      return tx
    }, 'orders')
    for (const count of [3, 0, 1, 40, 7, ...Array<number>(30).fill(100)]) used.push(...(await draw(count)))
  })

  assert.equal(used.length, 3051)
  assert.equal(new Set(used).size, used.length)
  const [{ next }] = await world.db<[{ next: number }]>`
    select nextval(pg_get_serial_sequence('orders', 'id'))::integer as next`
  assert.ok(next - 1 - Math.max(...used) <= used.length)
  assert.ok(questions < 12, `${questions} questions`)
})
