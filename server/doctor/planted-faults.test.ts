import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from './checks.ts'
import { consentFaults } from './consent-faults.test.ts'
import { customerFaults } from './customer-faults.test.ts'
import { invoiceFaults } from './invoice-faults.test.ts'
import { mailFaults } from './mail-faults.test.ts'
import { orderFaults } from './order-faults.test.ts'
import { presentReport } from './present-report.ts'
import { promoCodeFaults } from './promo-code-faults.test.ts'
import { readCatalogue } from './references.ts'
import { schemaFaults } from './schema-faults.test.ts'
import { examinePlanted, soundWorld } from './sound-world.test.ts'

/** For each promise, ways to break it: SQL, run while all triggers sleep, and what the doctor then says. */
export type Faults = Record<string, { plant: string; found: string; triggersStayAsleep?: boolean }[]>

const world = await soundWorld()
const faults: Faults = {
  ...schemaFaults,
  ...orderFaults,
  ...invoiceFaults,
  ...promoCodeFaults,
  ...customerFaults,
  ...consentFaults,
  ...mailFaults,
}

for (const { name } of checks) {
  test(`finds what breaks the promise: ${name}`, async () => {
    assert.ok(faults[name]?.length, 'no fault is planted against this promise')
    for (const { plant, found, triggersStayAsleep } of faults[name]) {
      const report = await examinePlanted(world, { plant, name, triggersStayAsleep })

      const isNamed = report.checks[0]?.examples.some((text) => text.includes(found))
      assert.ok(isNamed, `"${found}" was not found after: ${plant}\n${presentReport(report)}`)
      assert.equal(report.ok, false)
      assert.doesNotMatch(presentReport(report), /@|jane|bob|\bann\b/i, 'the report names a person')
    }
  })
}

test('every fault is planted against a promise that there is', () => {
  const names = checks.map(({ name }) => name)

  assert.deepEqual(
    Object.keys(faults).filter((name) => !names.includes(name)),
    [],
  )
  assert.equal(new Set(names).size, names.length)
})

test('every reference of the schema is followed, in every table that has rows', async () => {
  const { references } = await readCatalogue(world.db)
  const followed: string[] = []
  for (const { table, columns } of references) {
    const column = columns.at(-1) ?? ''
    const [row] = await world.db`select from ${world.db(table)} where ${world.db(column)} > 0 limit 1`
    if (!row) continue
    const first = `(select max(ctid) from "${table}" where "${column}" > 0)`
    const plant = `update "${table}" set "${column}" = 99999 where ctid = ${first}`
    const report = await examinePlanted(world, { plant, name: 'What a row refers to exists, in its own account' })

    const examples = report.checks[0]?.examples ?? []
    const isNamed = examples.some(
      (text) => text.includes(table) && text.includes(`${columns.join(', ')} leads to no row`),
    )
    assert.ok(isNamed, `${table} (${columns})\n${presentReport(report)}`)
    followed.push(`${table}.${column}`)
  }
  const unguarded = [
    'tickets.event_id',
    'tickets.ticket_type_id',
    'daily_totals.event_id',
    'daily_total_changes.account_id',
  ]
  assert.ok(unguarded.every((reference) => followed.includes(reference)))
})
