import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimal, parseAmount } from '../../platform/money.ts'
import { lineTax } from '../order.ts'
import { addTaxes, negated, splitOverTaxes, type TaxShare } from './invoice.ts'

const currency = fc.constantFrom('JPY', 'EUR', 'KWD')
const rate = fc.constantFrom(null, '0.0', '5.5', '7.0', '19.0', '100.0')
const line = fc.record({ rate, totalMinor: fc.oneof(fc.bigInt(0n, 30n), fc.bigInt(0n, 10n ** 12n)) })
const lines = fc.array(line, { minLength: 1, maxLength: 8 })
/** Parts of what is left, in thousandths; the last one takes the rest. */
const parts = fc.array(fc.bigInt(1n, 1000n), { maxLength: 12 })

const gross = (shares: TaxShare[]) => shares.reduce((sum, { grossMinor }) => sum + grossMinor, 0n)
const tax = (shares: TaxShare[]) => shares.reduce((sum, { taxMinor }) => sum + taxMinor, 0n)

test('whatever is given back in whatever parts: each part is shared out to the last unit, and nothing is over at the end', () => {
  fc.assert(
    fc.property(currency, lines, parts, (code, sold, fractions) => {
      const invoice = addTaxes(
        sold.map(({ rate, totalMinor }) => ({ rate, grossMinor: totalMinor, taxMinor: lineTax(totalMinor, rate) })),
      )
      const total = sold.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
      assert.equal(gross(invoice), total)
      let papers = invoice
      for (const fraction of [...fractions, 1000n]) {
        const left = addTaxes(papers)
        const amount = (gross(left) * fraction) / 1000n
        if (amount === 0n) continue
        const shares = splitOverTaxes(amount, left)
        assert.equal(gross(shares), amount)
        for (const share of shares) assertPartOf(share, left)
        assert.equal(sumOnTheWire(shares, code), decimal(amount, code))
        papers = [...papers, ...negated(shares)]
      }
      assert.deepEqual([gross(papers), tax(papers)], [0n, 0n])
      assert.ok(addTaxes(papers).every(({ grossMinor, taxMinor }) => grossMinor === 0n && taxMinor === 0n))
    }),
    { numRuns: 2000 },
  )
})

test('a part at one rate alone has the tax of its share, to half a unit', () => {
  assert.deepEqual(splitOverTaxes(1000n, [{ rate: '7.0', grossMinor: 4200n, taxMinor: 275n }]), [
    { rate: '7.0', grossMinor: 1000n, taxMinor: 65n },
  ])
})

test('rates are added up, the highest first and what has none last', () => {
  const shares = [
    { rate: null, grossMinor: 5n, taxMinor: 0n },
    { rate: '7.0', grossMinor: 107n, taxMinor: 7n },
    { rate: '19.0', grossMinor: 119n, taxMinor: 19n },
    { rate: '7.0', grossMinor: 107n, taxMinor: 7n },
  ]
  assert.deepEqual(addTaxes(shares), [shares[2], { rate: '7.0', grossMinor: 214n, taxMinor: 14n }, shares[0]])
})

function assertPartOf(share: TaxShare, left: TaxShare[]): void {
  const whole = left.find(({ rate }) => rate === share.rate)
  assert.ok(whole && share.grossMinor <= whole.grossMinor && share.taxMinor <= whole.taxMinor)
  assert.ok(share.grossMinor > 0n && share.taxMinor >= 0n && share.taxMinor <= share.grossMinor)
}

/** As a client adds up what it reads. */
function sumOnTheWire(shares: TaxShare[], code: string): string {
  const read = shares.map(({ grossMinor }) => parseAmount(decimal(grossMinor, code), code) ?? assert.fail())
  return decimal(
    read.reduce((sum, minor) => sum + minor, 0n),
    code,
  )
}
