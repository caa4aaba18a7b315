import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'
import { queueUp } from './queue-up.ts'

/** Two people who change different things at once: both changes stand. */

const world = await openWorld()

test('of a ticket type', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const path = `/admin/events/${slug}/tickets/${ticketId}`

  await queueUp(world.db, (tx) => tx`select from ticket_types where id = ${ticketId} for update`, [
    () => world.send(club, 'PATCH', path, { title: 'Early bird' }),
    () => world.send(club, 'PATCH', path, { stock: 50 }),
  ])

  const { title, stock } = expect(200, await world.get(club, path))
  assert.deepEqual({ title, stock }, { title: 'Early bird', stock: 50 })
})

test('of the settings', async () => {
  const club = await world.organizer()

  await queueUp(world.db, (tx) => tx`select from accounts where id = ${club.id} for update`, [
    () => world.send(club, 'PATCH', '/admin/settings', { imprint: 'Club, Street 1' }),
    () => world.send(club, 'PATCH', '/admin/settings', { vat_id: 'DE123' }),
  ])

  const { imprint, vat_id } = expect(200, await world.get(club, '/admin/settings'))
  assert.deepEqual({ imprint, vat_id }, { imprint: 'Club, Street 1', vat_id: 'DE123' })
})

test('of an event', async () => {
  const club = await world.organizer()
  const { slug, id } = await world.event(club)

  await queueUp(world.db, (tx) => tx`select from events where id = ${id} for update`, [
    () => world.send(club, 'PATCH', `/admin/events/${slug}`, { title: 'Winter Showcase' }),
    () => world.send(club, 'PATCH', `/admin/events/${slug}`, { capacity: 50 }),
    () => world.send(club, 'DELETE', `/admin/events/${slug}/publication`),
  ])

  const { title, capacity, published } = expect(200, await world.get(club, `/admin/events/${slug}`))
  assert.deepEqual({ title, capacity, published }, { title: 'Winter Showcase', capacity: 50, published: false })
})

test('of a venue', async () => {
  const club = await world.organizer()
  const address = { name: 'Hall', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
  const { id } = expect(201, await world.send(club, 'POST', '/admin/venues', address))

  await queueUp(world.db, (tx) => tx`select from venues where id = ${id} for update`, [
    () => world.send(club, 'PATCH', `/admin/venues/${id}`, { name: 'Great Hall' }),
    () => world.send(club, 'PATCH', `/admin/venues/${id}`, { city: 'Hamburg' }),
  ])

  const { name, city } = expect(200, await world.get(club, `/admin/venues/${id}`))
  assert.deepEqual({ name, city }, { name: 'Great Hall', city: 'Hamburg' })
})

test('of a buyer at checkout', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const order = { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }
  const { public_id } = expect(201, await world.shop(club, 'POST', '/checkouts', order))

  await queueUp(world.db, (tx) => tx`select from checkouts where public_id = ${public_id} for update`, [
    () => world.shop(club, 'PATCH', `/checkouts/${public_id}`, { buyer: { email: 'jane@example.com' } }),
    () => world.shop(club, 'PATCH', `/checkouts/${public_id}`, { marketing_consent: true }),
  ])

  const { buyer, marketing_consent } = expect(200, await world.shop(club, 'GET', `/checkouts/${public_id}`))
  assert.deepEqual([buyer.email, marketing_consent], ['jane@example.com', true])
})
