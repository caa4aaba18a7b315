import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServerProcess } from '../support/server-process.ts'
import { makeTwin, type MissingGuard } from '../support/twin.ts'
import { openWorld } from '../support/world.ts'
import { assertSumsHold, listBrokenSums } from './broken-sums.ts'
import { openHall, rush, ticketsPaid } from './rush.ts'
import { shopClient } from './shop-client.ts'

const world = await openWorld()
const environment = { HOLD_MINUTES: '0.02', LOG_LEVEL: 'warn' }

test('64 buyers at two servers fill a hall of 200 to the last place and not one further', async () => {
  const { club, hall, state } = await sellOut()

  assert.deepEqual(state.unexpected, [])
  assert.equal(ticketsPaid(state), 200)
  assert.deepEqual(await listOrders(club.id), state.paid)
  await assertSumsHold(world.db, club)
})
