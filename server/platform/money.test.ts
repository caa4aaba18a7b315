import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { currencyDecimals, decimal, isCurrency, money, parseAmount, splitProportionally, taxIncluded } from './money.ts'

const currency = fc.constantFrom('JPY', 'EUR', 'KWD', 'CLF', 'HUF')
const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })
const add = (a: bigint, b: bigint) => a + b

test('decimals are those of ISO 4217, also where ICU counts only the cash in use', () => {
  assert.deepEqual(['JPY', 'EUR', 'KWD', 'UYW'].map(currencyDecimals), [0, 2, 3, 4])
  assert.deepEqual(['HUF', 'IDR', 'COP', 'LBP', 'IQD'].map(currencyDecimals), [2, 2, 2, 2, 3])
  for (const code of Intl.supportedValuesOf('currency')) {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency: code,
    }).resolvedOptions()
    if (maximumFractionDigits) assert.equal(currencyDecimals(code), maximumFractionDigits, code)
  }
})

test('a currency is a current ISO 4217 code in capitals', () => {
  for (const code of ['EUR', 'USD', 'JPY', 'KWD', 'SLE', 'XOF']) assert.ok(isCurrency(code), code)
  for (const code of ['', 'eur', 'EU', 'EURO', 'XXX', 'XTS', 'XDR', 'HRK', 'DEM', '€', 'ABC'])
    assert.ok(!isCurrency(code), code)
})

test('money has exactly the decimals of its currency', () => {
  assert.deepEqual(money(12600n, 'EUR'), { amount: '126.00', currency: 'EUR' })
  assert.deepEqual(money(126n, 'JPY'), { amount: '126', currency: 'JPY' })
  assert.deepEqual(money(126n, 'KWD'), { amount: '0.126', currency: 'KWD' })
  assert.deepEqual(money(0n, 'EUR'), { amount: '0.00', currency: 'EUR' })
  assert.deepEqual(
    [-5n, -100n, -12345n].map((minor) => decimal(minor, 'EUR')),
    ['-0.05', '-1.00', '-123.45'],
  )
  assert.equal(decimal(-7n, 'JPY'), '-7')
  assert.equal(decimal(9_223_372_036_854_775_807n, 'EUR'), '92233720368547758.07')
})

test('an amount written out is read back the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), currency, (minor, code) => {
      assert.equal(parseAmount(decimal(minor, code), code), minor)
    }),
  )
})

test('an amount may have fewer decimals than the currency, never more', () => {
  assert.deepEqual(
    ['5', '5.5', '5.50', '007', '0'].map((text) => parseAmount(text, 'EUR')),
    [500n, 550n, 550n, 700n, 0n],
  )
  assert.equal(parseAmount('999999999999999.99', 'EUR'), 99_999_999_999_999_999n)
  assert.equal(parseAmount('5', 'JPY'), 5n)
  assert.equal(parseAmount('5.125', 'KWD'), 5125n)
  assert.equal(parseAmount('5.0', 'JPY'), undefined)
  assert.equal(parseAmount('5.001', 'EUR'), undefined)
})

test('nothing but a plain decimal is an amount', () => {
  const odd = [
    '',
    ' ',
    '.',
    '5.',
    '.5',
    '-5',
    '+5',
    ' 5',
    '5 ',
    '5\n',
    '1e3',
    '0x5',
    '1,5',
    '1_000',
    '5.0.0',
    '٥',
    '５',
    'NaN',
    '1'.repeat(16),
  ]
  for (const text of odd) assert.equal(parseAmount(text, 'EUR'), undefined, JSON.stringify(text))
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0159.,-+e _') }), (text) => {
      assert.equal(parseAmount(text, 'EUR') !== undefined, /^[0-9]{1,15}(\.[0-9]{1,2})?$/.test(text))
    }),
  )
})

test('shares add up to the total, and each is its exact part rounded down or up', () => {
  fc.assert(
    fc.property(
      amount,
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 }),
      (total, weights) => {
        const shares = splitProportionally(total, weights)
        const sum = weights.reduce(add)
        assert.equal(shares.length, weights.length)
        assert.equal(shares.reduce(add), total)
        for (const [index, weight] of weights.entries()) {
          if (sum === 0n) break
          const difference = (shares[index] ?? 0n) * sum - total * weight
          assert.ok(difference < sum && -difference < sum)
        }
      },
    ),
  )
})

test('a discount never exceeds the line that it is taken from, and a free line gets none', () => {
  const cart = fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(cart, fc.nat({ max: 100 }), (lines, percent) => {
      const discount = (lines.reduce(add) * BigInt(percent)) / 100n
      const shares = splitProportionally(discount, lines)
      assert.ok(shares.every((share, index) => share >= 0n && share <= (lines[index] ?? 0n)))
    }),
  )
})

test('units left over go to the largest remainders, the first of equals first', () => {
  assert.deepEqual(splitProportionally(100n, [1n, 1n, 1n]), [34n, 33n, 33n])
  assert.deepEqual(splitProportionally(5n, [1n, 1n, 1n]), [2n, 2n, 1n])
  assert.deepEqual(splitProportionally(10n, [1n, 2n, 4n]), [1n, 3n, 6n])
  assert.deepEqual(splitProportionally(-100n, [1n, 1n, 1n]), [-34n, -33n, -33n])
  assert.deepEqual(splitProportionally(5n, [0n, 0n]), [3n, 2n])
  assert.deepEqual(splitProportionally(0n, []), [])
  assert.throws(() => splitProportionally(1n, []), RangeError)
  assert.throws(() => splitProportionally(1n, [2n, -1n]), RangeError)
})

test('the tax contained in a price is rounded to the nearest unit, halves away from zero', () => {
  assert.equal(taxIncluded(2000n, '19.0'), 319n)
  assert.equal(taxIncluded(1999n, '7.0'), 131n)
  assert.equal(taxIncluded(1055n, '5.5'), 55n)
  assert.equal(taxIncluded(2000n, '0.0'), 0n)
  assert.equal(taxIncluded(3n, '20'), 1n)
  assert.equal(taxIncluded(-3n, '20'), -1n)
  assert.equal(taxIncluded(1n, '100'), 1n)
  for (const rate of ['', '-19', '19,0', '19.', 'x', '1000']) assert.throws(() => taxIncluded(1n, rate), RangeError)
})

test('net and tax have the ratio of the rate, to half a unit', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 9999 }), (gross, permille) => {
      const tax = taxIncluded(gross, `${Math.floor(permille / 10)}.${permille % 10}`)
      const divisor = 1000n + BigInt(permille)
      const error = 2n * (tax * divisor - gross * BigInt(permille))
      assert.ok(error <= divisor && -error <= divisor)
    }),
  )
})
