import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summaryLines } from './summary.ts'

const item = { title: 'Seat', quantity: 2, unitPriceMinor: 1050n, taxRate: '19.0' }

test('what a cart costs less than its tickets is taken off each line in proportion, to the cent, and no tax is paid on it', () => {
  const lines = summaryLines([item, { ...item, title: 'Box', quantity: 1, unitPriceMinor: 999n, taxRate: null }], 2799n)
  assert.deepEqual(
    lines.map(({ discountMinor, totalMinor, taxMinor }) => [discountMinor, totalMinor, taxMinor]),
    [
      [203n, 1897n, 303n],
      [97n, 902n, 0n],
    ],
  )
})
