import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../../test/support/world.ts'

const world = await openWorld()

test('a customer appears with the first paid order, and later orders join it by email', async () => {
  const club = await world.organizer()
  await world.paidOrder(club, { email: 'Jane@Example.com', quantity: 2 })
  await world.paidOrder(club, { email: ' jane@example.com', quantity: 4 })
  const { slug, ticketId } = await world.event(club)
  expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }),
  )

  const { body } = await world.get(club, '/admin/customers')

  assert.deepEqual(body.stats, { customer_count: 1, total_spent: { amount: '126.00', currency: 'EUR' } })
  assert.equal(body.customers.length, 1)
})
