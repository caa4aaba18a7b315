import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableOf } from './report.ts'

const row = { group: 'purchase', name: 'hold and pay', shown: ['perSecond'], medians: {}, rounds: [], verdicts: [] }

test('a row that could not be measured says why in the table, in one line', () => {
  const table = tableOf([{ ...row, problem: 'pgbench: error:\n  two | lines' }])

  assert.match(table, /\| hold and pay +\| could not be measured: pgbench: error: two \/ lines +\|.*\| FAILED \|$/)
  assert.equal(table.split('\n').length, 3)
})

test('a figure that is missing is called so', () => {
  const verdicts = [{ figure: 'perSecond', against: 'pgbench', atLeast: 0.4, value: Number.NaN, isMet: false }]
  const table = tableOf([{ ...row, medians: { foyer: { perSecond: 70 } }, verdicts }])

  assert.match(table, /70\/s +\| pgbench: not measured +\| not measured +\| ≥ 0.4 +\| SHORT \|$/)
})
