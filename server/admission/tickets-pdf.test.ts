import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparable, readTicketPages } from '../../test/support/read-tickets.ts'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { shortCode, ticketSecret } from '../platform/codes.ts'
import { qrModules, readTicketToken, ticketToken } from './qr-code.ts'
import { findAdmission, listAdmissionTickets } from './queries.ts'
import { writeTicketsPdf } from './tickets-pdf.ts'

const world = await openWorld()
const club = await world.organizer()

function getPdf(who: Organizer, publicId: string) {
  const headers = { host: `${who.subdomain}.foyer.test` }
  return world.app.inject({ method: 'GET', url: `/orders/${publicId}/tickets.pdf`, headers })
}

test('every admission has a page with a code of its own, which holds its secret', async () => {
  const order = await world.paidOrder(club, { quantity: 3 })
  const proofs = await world.db<{ checkInCode: string; secret: string }[]>`
    select t.check_in_code, t.secret from tickets t join orders o on o.account_id = t.account_id and o.id = t.order_id
    where o.public_id = ${order.public_id} order by t.position`

  const answer = await getPdf(club, order.public_id)
  const pages = await readTicketPages(answer.rawPayload)

  assert.equal(answer.headers['content-type'], 'application/pdf')
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.deepEqual(
    pages.map(({ code }) => readTicketToken(code)),
    proofs.map(({ checkInCode, secret }) => ({ checkInCode, secret })),
  )
  assert.equal(new Set(pages.map(({ code }) => code)).size, 3)
  for (const { secret } of proofs) assert.ok(secret.length * Math.log2(31) >= 128)
})

test('a page says what, when, where, for whom, and the code for people, in the language of the buyer', async () => {
  const order = await world.paidOrder(club, { locale: 'de', name: 'Jörg Groß' })
  const { items } = expect(200, await world.get(club, `/admin/orders/${order.public_id}`))

  const [page] = await readTicketPages((await getPdf(club, order.public_id)).rawPayload)

  for (const part of [
    'Spring Showcase',
    'Samstag, 1. Juni 2030 um 22:00, bis 01:00',
    'Hall, Street 1, 10115 Berlin',
    'General Admission',
    'Jörg Groß',
    items[0].display_check_in_code,
    `Bestellung ${order.display_number}`,
  ])
    assert.ok(page?.text.includes(comparable(part)), `${part} is not in:\n${page?.text}`)
})

const names = {
  Latin: 'Łukasz Žižek-Müller',
  Greek: 'Ελένη Παπαδοπούλου',
  Cyrillic: 'Юлия Щербакова',
  Arabic: 'محمد عبد الله',
  Hebrew: 'שלום עליכם',
  CJK: '王小明 田中',
  emoji: 'Jane 🎉 Doe 😀',
}
for (const [script, name] of Object.entries(names)) {
  test(`${script}: name and title come out of the page as they went in, and the code beside them is read`, async () => {
    const { slug, ticketId } = await world.event(club, { title: `Nacht: ${name}` })
    const order = await world.paidOrder(club, { eventSlug: slug, ticketId, name })

    const [page] = await readTicketPages((await getPdf(club, order.public_id)).rawPayload)

    const lines = page?.text.split('\n').map((line) => line.trim()) ?? []
    assert.ok(lines.includes(comparable(name)), page?.text)
    assert.ok(page?.text.includes(comparable(name), page.text.indexOf(comparable(name)) + 1), page?.text)
    assert.ok(readTicketToken(page?.code ?? ''))
  })
}

test('cancelled tickets are left out, and where none is left the file is refused', async () => {
  const order = await world.paidOrder(club, { quantity: 2 })
  await world.db`
    update tickets set cancelled_at = ${world.now()}
    where position = 1 and order_id = (select id from orders where public_id = ${order.public_id})`
  assert.equal((await readTicketPages((await getPdf(club, order.public_id)).rawPayload)).length, 1)

  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`))
  const answer = await getPdf(club, order.public_id)

  assert.deepEqual([answer.statusCode, answer.json()], [409, { errors: { base: ['The order has no valid tickets'] } }])
})

test('the tickets of another shop, and those of an order that does not exist, are not found', async () => {
  const order = await world.paidOrder(club)
  const rival = await world.organizer()

  for (const [who, publicId] of [
    [rival, order.public_id],
    [club, order.order_code],
    [club, 'unknown'],
    [club, '%00'],
  ] as const)
    assert.equal((await getPdf(who, publicId)).statusCode, 404)
})

test('names and titles of ten thousand letters leave room for the code', async () => {
  const order = await world.paidOrder(club)
  const admission = await findAdmission(world.db, club.id, { publicId: order.public_id })
  assert.ok(admission)
  const tickets = await listAdmissionTickets(world.db, club.id, admission.orderId)
  const long = { eventTitle: 'Ä'.repeat(10_000), venueName: 'x y '.repeat(2500), customerName: '王'.repeat(10_000) }

  const [page] = await readTicketPages(await writeTicketsPdf({ ...admission, ...long }, tickets))

  assert.ok(readTicketToken(page?.code ?? ''))
})

test('a token reads back as code and secret, and fits a small code', () => {
  const proof = { checkInCode: shortCode(), secret: ticketSecret() }
  assert.deepEqual(readTicketToken(ticketToken(proof)), proof)
  assert.ok(qrModules(ticketToken(proof)).length <= 41) // version 6
  for (const text of ['', '7K3Q9D2A', 'a'.repeat(35), 'A'.repeat(1000)]) assert.equal(readTicketToken(text), undefined)
})

test('a ticket of a hundred in one order takes the processor no longer than one alone', async () => {
  const one = await processorMs(1, 10)
  const hundred = await processorMs(100, 1)
  assert.ok(hundred / 100 < 1.5 * one, `${hundred / 100} ms, alone ${one} ms`)
})

/** What the PDF of an order of so many tickets takes, once it has been asked for before. */
async function processorMs(quantity: number, rounds: number): Promise<number> {
  const order = await world.paidOrder(club, { quantity, name: 'Łukasz Žižek-Müller' })
  await getPdf(club, order.public_id)
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) await getPdf(club, order.public_id)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / rounds
}
