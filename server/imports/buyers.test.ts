import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { transaction, violatedConstraint } from '../platform/database.ts'
import { Buyers } from './buyers.ts'
import { gatherImportCustomers } from './plan-queries.ts'
import { createImportBuyers } from './staging-queries.ts'

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

test('two buyers who were taken for one end the import', async () => {
  const { db } = await testDatabase()
  const gathering = transaction(db, async (tx) => {
    await createImportBuyers(tx)
    await tx`
      insert into import_buyers (number, customer_id, known, event_id, line, email, marketing_consent, paid_at, net_minor)
      values (1, 7, false, 1, 1, 'one@example.com', false, now(), 100),
             (1, 7, false, 1, 2, 'other@example.com', false, now(), 100)`
    await gatherImportCustomers(tx)
  })

  await assert.rejects(gathering, (error) => violatedConstraint(error) === 'import_customers_key')
})
