import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineTax } from '../orders/order.ts'
import { decimal, parseAmount } from '../platform/money.ts'
import { type Discount, discountOf, readPromoCode, spreadDiscount } from './promo-code.ts'

const currency = fc.constantFrom('JPY', 'EUR', 'KWD')
const line = fc.record({
  unitMinor: fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 10n ** 11n)),
  quantity: fc.bigInt(1n, 10n),
  rate: fc.constantFrom(null, '0.0', '7.0', '19.0', '100.0'),
})
const percent = fc
  .integer({ min: 1, max: 10_000 })
  .map((hundredths): Discount => ({ type: 'percentage', percent: (hundredths / 100).toFixed(2) }))
const fixed = fc.bigInt(1n, 10n ** 12n).map((amountMinor): Discount => ({ type: 'fixed', amountMinor }))

test('a discount is shared out over the lines to the last unit; no line costs less than nothing, and tax stays inside', () => {
  fc.assert(
    fc.property(
      currency,
      fc.array(line, { minLength: 1, maxLength: 10 }),
      fc.oneof(percent, fixed),
      (code, lines, discount) => {
        const before = lines.map(({ unitMinor, quantity }) => unitMinor * quantity)
        const subtotal = sum(before)
        const off = discountOf(discount, subtotal)
        assert.ok(off >= 0n && off <= subtotal)

        const shares = spreadDiscount(off, before)

        assert.equal(sum(shares), off)
        const totals = before.map((minor, index) => minor - (shares[index] ?? 0n))
        assert.ok(totals.every((total) => total >= 0n))
        assert.equal(sum(totals), subtotal - off)
        lines.forEach(({ rate }, index) => {
          const total = totals[index] ?? 0n
          assert.ok(lineTax(total, rate) >= 0n && lineTax(total, rate) <= total)
          if (subtotal > 0n) assertProportional(shares[index] ?? 0n, before[index] ?? 0n, off, subtotal)
        })
        const read = totals.map((total) => parseAmount(decimal(total, code), code) ?? assert.fail())
        assert.equal(decimal(sum(read), code), decimal(subtotal - off, code))
      },
    ),
    { numRuns: 2000 },
  )
})

/** Less than one unit from its exact share. */
function assertProportional(share: bigint, minor: bigint, off: bigint, subtotal: bigint): void {
  const distance = share * subtotal - off * minor
  assert.ok(distance < subtotal && distance > -subtotal)
}

test('percent are rounded to the unit, halves up; all of it is all of it', () => {
  assert.equal(discountOf({ type: 'percentage', percent: '10.00' }, 2105n), 211n)
  assert.equal(discountOf({ type: 'percentage', percent: '33.33' }, 100n), 33n)
  assert.equal(discountOf({ type: 'percentage', percent: '100.00' }, 2105n), 2105n)
  assert.equal(discountOf({ type: 'fixed', amountMinor: 500n }, 300n), 300n)
})

test('a code is read in any case, with blanks around it', () => {
  assert.equal(readPromoCode(' early-10 '), 'EARLY-10')
  for (const text of ['', 'ab', 'a b c', 'straße', 'x'.repeat(33), 'ABC\u0000'])
    assert.equal(readPromoCode(text), undefined)
})

function sum(values: bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}
