import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { form, page } from '../../test/support/forms.ts'
import { expect, openWorld } from '../../test/support/world.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { examine } from '../doctor/examine.ts'
import { importOrders } from '../imports/import-orders.ts'
import { en } from './words/en.ts'

const world = await openWorld()
const club = await world.organizer()
const rival = await world.organizer()
const consentOf = async (email: string) => {
  const { customers } = expect(200, await world.get(club, `/admin/customers?period=all_time&query=${email}`))
  return customers[0].marketing_consent_at
}

test('the order opens by its long id alone, in its own shop', async () => {
  const order = await world.paidOrder(club, { quantity: 2 })
  const shown = await page(world, club, `/orders/${order.public_id}`)
  assert.equal(shown.status, 200)
  assert.match(shown.text, new RegExp(order.display_number))
  assert.match(shown.text, /<meta name="robots" content="noindex">/)
  assert.equal(shown.headers['cache-control'], 'no-store')
  assert.equal((await page(world, club, `/orders/${order.order_code}`)).status, 404)
  assert.equal((await page(world, rival, `/orders/${order.public_id}`)).status, 404)
  const asJson = await page(world, club, `/orders/${order.public_id}`, { accept: 'application/json' })
  assert.deepEqual([asJson.status, asJson.text], [404, '{"error":"Not found"}'])
})

test('the invoices of an order, and the cancellations that follow, are there as PDF', async () => {
  const order = await world.paidOrder(club)
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/refund`))
  const { text } = await page(world, club, `/orders/${order.public_id}`)
  const papers = [...text.matchAll(/href="(\/orders\/\w+\/invoices\/[^"]+\.pdf)">(\w+)/g)]
  assert.deepEqual(
    papers.map(([, , kind]) => kind),
    ['Invoice', 'Cancellation'],
  )
  for (const [, path = ''] of papers) {
    const paper = await page(world, club, path)
    assert.deepEqual([paper.status, paper.headers['content-type']], [200, 'application/pdf'])
  }
})

test('guests are named, renamed and unnamed, but not those who have come in or whose tickets have ended', async () => {
  const order = await world.paidOrder(club, { quantity: 3 })
  const items = async () => expect(200, await world.get(club, `/admin/orders/${order.public_id}`)).items
  const ids = (await items()).map((item: { public_id: string }) => item.public_id)
  await world.db`update tickets set redeemed_at = '2026-04-22T12:00:00Z' where public_id = ${ids[2]}`
  const name = (fields: Record<string, string>) => form(world, club, `/orders/${order.public_id}/attendees`, fields)

  const saved = await name({
    [`attendee_${ids[0]}`]: '  Ann ',
    [`attendee_${ids[1]}`]: 'Bob',
    [`attendee_${ids[2]}`]: 'Eve',
  })
  assert.deepEqual([saved.status, saved.headers.location], [303, `/orders/${order.public_id}?done=names`])
  const names = async () => (await items()).map((item: { attendee_name: string | null }) => item.attendee_name)
  assert.deepEqual(await names(), ['Ann', 'Bob', null])
  await name({ [`attendee_${ids[0]}`]: '' })
  assert.deepEqual(await names(), [null, 'Bob', null])

  const long = await name({ [`attendee_${ids[0]}`]: 'x'.repeat(10_000) })
  assert.equal(long.status, 422)
  assert.match(long.text, new RegExp(en.errorTooLong(255)))
  const others = await world.paidOrder(club)
  const [foreign] = expect(200, await world.get(club, `/admin/orders/${others.public_id}`)).items
  await name({ [`attendee_${foreign.public_id}`]: 'Mallory' })
  const [untouched] = expect(200, await world.get(club, `/admin/orders/${others.public_id}`)).items
  assert.equal(untouched.attendee_name, null)
})

test('one click withdraws the consent, older orders never give it back, a later tick does', async () => {
  const email = 'consent@example.com'
  const order = await world.paidOrder(club, { email, marketingConsent: true })
  const withdraw = () => form(world, club, `/orders/${order.public_id}/consent-withdrawal`, {})
  assert.match((await page(world, club, `/orders/${order.public_id}`)).text, new RegExp(en.withdraw))

  assert.equal((await withdraw()).status, 303)
  assert.equal(await consentOf(email), null)
  assert.equal((await withdraw()).status, 303, 'again is the same as once')
  assert.doesNotMatch((await page(world, club, `/orders/${order.public_id}`)).text, new RegExp(en.withdraw))
  await world.paidOrder(club, { email, marketingConsent: false })
  assert.equal(await consentOf(email), null)
  assert.equal((await examine(world.db, world.now())).ok, true)

  await world.paidOrder(club, { email, marketingConsent: true, at: '2026-04-23T10:00:00Z' })
  assert.equal(await consentOf(email), '2026-04-23T10:00:00Z')
  assert.equal((await examine(world.db, world.now())).ok, true)
})

test('an import gives a withdrawn consent back only by an order of later', async () => {
  const email = 'imported@example.com'
  const order = await world.paidOrder(club, { email, marketingConsent: true, at: '2026-04-24T10:00:00Z' })
  await form(world, club, `/orders/${order.public_id}/consent-withdrawal`, {})
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  const bring = (ref: string, at: string) => {
    const items = [{ ticket_title: 'General Admission', unit_price: '10.00', quantity: 1 }]
    const line = { ref, created_at: at, paid_at: at, email, marketing_consent: true, event_slug: 'elsewhere', items }
    const file = Readable.from([Buffer.from(JSON.stringify({ ...line, event_title: 'Elsewhere' }))])
    return importOrders(world.db, account, file, { createEvents: true, dryRun: false, now: world.now() })
  }

  await bring('OLD', '2026-01-01T10:00:00Z')
  assert.equal(await consentOf(email), null)
  world.setTime('2026-04-26T10:00:00Z')
  await bring('NEW', '2026-04-25T10:00:00Z')
  assert.equal(await consentOf(email), '2026-04-25T10:00:00Z')
  assert.deepEqual(
    (await examine(world.db, world.now())).checks.filter(({ ok }) => !ok),
    [],
  )
})

test('a refund and a cancellation are told', async () => {
  const order = await world.paidOrder(club)
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/refund`, { amount: '5.00' }))
  assert.match((await page(world, club, `/orders/${order.public_id}`)).text, /Partly refunded[\s\S]*Refunded: €5\.00/)
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`))
  const { text } = await page(world, club, `/orders/${order.public_id}`)
  assert.match(text, new RegExp(en.statusCancelled))
  assert.match(text, new RegExp(en.ticketCancelled))
})
