import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import { transaction } from '../platform/database.ts'
import { withoutKeyChecks } from './key-checks.ts'

const world = await openWorld()

for (const tables of [['orders', 'order_lines', 'tickets', 'refunds'], ['customers'], ['customer_events']]) {
  test(`what an import writes into ${tables.join(', ')} costs no look-up of keys`, async () => {
    const role = await transaction(world.db, (tx) =>
      withoutKeyChecks(tx, tables, async () => {
        const [row] = await tx<[{ role: string }]>`select current_setting('session_replication_role') as role`
        return row.role
      }),
    )
    assert.equal(role, 'replica')
  })
}
