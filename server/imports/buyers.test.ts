import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Buyers } from './buyers.ts'

const count = 200_000
const email = (n: number) => `buyer${n}@example.com`

test('every buyer is found again with their number and customer, and nobody else is', () => {
  const buyers = new Buyers()
  for (let n = 1; n <= count; n++) {
    assert.equal(buyers.find(email(n)), undefined)
    buyers.add(email(n), 3 * n, n % 5 === 0)
  }
  for (let n = 1; n <= count; n++)
    assert.deepEqual(buyers.find(email(n)), { number: n, customerId: 3 * n, isKnown: n % 5 === 0 })
  for (let n = count + 1; n <= 2 * count; n++) assert.equal(buyers.find(email(n)), undefined)
})

test('e-mails that have the same letters are not the same', () => {
  const buyers = new Buyers()
  buyers.add('ab@example.com', 1, false)
  assert.equal(buyers.find('ba@example.com'), undefined)
  assert.equal(buyers.find('ab@example.co'), undefined)
})
