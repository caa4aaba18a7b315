import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { periodDay, periodStart as startInSql } from '../../server/platform/period.ts'
import { ask, sql } from '../../server/platform/sql.ts'
import { anchors } from '../model/history.ts'
import { type Anchor, anchorInstant, periodStart, wire, zones } from '../model/instants.ts'
import { patience } from '../model/patience.ts'
import { firstDay, type Unit } from '../model/periods.ts'
import { openWorld } from '../support/world.ts'

const { db } = await openWorld()

test('every period begins with the first instant of its first day, on the clocks of the account', async () => {
  const units = ['day', 'week', 'month', 'year'] as const
  const { within, parameters } = patience(500, 5)
  const property = async (anchor: Anchor, zone: string, unit: Unit) => {
    const now = anchorInstant(anchor, zone)
    const period = { unit, now: new Date(now), timeZone: zone }
    const [row] = await ask(db, sql`select ${startInSql(period)} as start, ${periodDay(period)} as day`)
    assert.deepEqual(
      { ...row },
      { start: wire(periodStart(unit, now, zone)), day: firstDay(unit, now, zone).toString() },
    )
  }
  await fc.assert(
    fc.asyncProperty(anchors, fc.constantFrom(...zones), fc.constantFrom(...units), within(property)),
    parameters,
  )
})
