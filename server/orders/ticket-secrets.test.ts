import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'

const world = await openWorld()

for (const [secret, isTaken] of [
  ['A'.repeat(27), true],
  ['0123456789'.repeat(6), true],
  ['A'.repeat(26), false],
  ['A'.repeat(65), false],
  [`${'A'.repeat(26)}-`, false],
  [`${'A'.repeat(26)}a`, false],
  [`${'A'.repeat(26)}\n`, false],
] as const) {
  test(`a ticket ${isTaken ? 'takes' : 'refuses'} the secret ${JSON.stringify(secret)}`, async () => {
    const club = await world.organizer()
    const { slug, ticketId } = await world.event(club)
    await world.paidOrder(club, { eventSlug: slug, ticketId, email: 'guest@example.com' })
    const change = world.db`update tickets set secret = ${secret} where account_id = ${club.id}`.then(() => true)
    if (isTaken) await change
    else await assert.rejects(change, { constraint_name: 'tickets_secret_check' })
  })
}
