import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug, id: eventId, ticketId } = await world.event(club, { title: 'Friday' })
const post = (body: object, where = slug) => world.send(club, 'POST', `/admin/events/${where}/standard_tickets`, body)
const make = async (body: object = {}) =>
  expect(201, await post({ title: 'Late bird', price: '15.00', stock: 50, ...body }))
const patch = (id: number, body: unknown) => world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${id}`, body)
const refused = async (body: object) => expect(422, await post({ title: 'x', price: '1.00', ...body })).errors
const list = async (filter = '') =>
  expect(200, await world.get(club, `/admin/events/${slug}/tickets${filter}`)).tickets.map(
    (ticket: { id: number }) => ticket.id,
  )

test('a ticket type needs a title and a price', async () => {
  const answer = await post({ title: ' Late bird ', price: '15', stock: 200 })
  const { id, position, ...ticket } = expect(201, answer)
  assert.equal(answer.headers.location, `/admin/events/${slug}/tickets/${id}.json`)
  assert.equal(typeof position, 'number')
  assert.deepEqual(ticket, {
    title: 'Late bird',
    kind: 'StandardTicket',
    state: 'active',
    price: { amount: '15.00', currency: 'EUR' },
    stock: 200,
    unlimited_stock: false,
    max_per_order: 10,
    max_per_customer: null,
    access_code_required: false,
    tax_rate: null,
  })
  assert.deepEqual(expect(200, await world.get(club, String(answer.headers.location))), { id, position, ...ticket })
  assert.deepEqual(expect(422, await post({})).errors, { title: ["can't be blank"], price: ["can't be blank"] })
})

test('without a stock there is no limit', async () => {
  const unlimited = await make({ stock: undefined })
  assert.deepEqual([unlimited.stock, unlimited.unlimited_stock], [null, true])
  const none = await make({ stock: 0 })
  assert.deepEqual([none.stock, none.unlimited_stock], [0, false])
  assert.deepEqual((await make({ unlimited_stock: true })).stock, null)
})

test('a price is a decimal string with no more decimals than the currency has', async () => {
  for (const [price, amount] of [
    ['0', '0.00'],
    ['0.5', '0.50'],
    ['1234567.89', '1234567.89'],
    [' 7 ', '7.00'],
  ] as const) {
    assert.equal((await make({ price })).price.amount, amount)
  }
  for (const price of ['', 'free', '-1', '1.005', '1,50', '1e3', '0x1', '٣', '1.', '.5', '99999999999999999999']) {
    assert.deepEqual(Object.keys(await refused({ price })), ['price'], price)
  }
  assert.deepEqual(Object.keys(await refused({ price: 15 })), ['price'])
  const tokyo = await world.organizer({ currency: 'JPY' })
  const { slug: there } = await world.event(tokyo)
  const yen = await world.send(tokyo, 'POST', `/admin/events/${there}/standard_tickets`, { title: 'x', price: '1500' })
  assert.deepEqual(expect(201, yen).price, { amount: '1500', currency: 'JPY' })
  expect(
    422,
    await world.send(tokyo, 'POST', `/admin/events/${there}/standard_tickets`, { title: 'x', price: '15.00' }),
  )
})

test('a tax rate is a percentage with one decimal', async () => {
  for (const [rate, shown] of [
    ['19', '19.0'],
    ['7.7', '7.7'],
    ['0', '0.0'],
    ['100', '100.0'],
    ['', null],
    [null, null],
  ] as const) {
    assert.equal((await make({ tax_rate: rate })).tax_rate, shown)
  }
  for (const rate of ['101', '-1', '7.75', 'x'])
    assert.deepEqual(Object.keys(await refused({ tax_rate: rate })), ['tax_rate'], rate)
})

test('a change keeps what it does not name, at tickets and at standard_tickets, flat and wrapped', async () => {
  const before = await make({ max_per_customer: 4, tax_rate: '19.0', max_per_order: 6 })
  assert.deepEqual(expect(200, await patch(before.id, {})), before)
  assert.deepEqual(expect(200, await patch(before.id, { title: 'A' })), { ...before, title: 'A' })
  assert.deepEqual(expect(200, await patch(before.id, { ticket: { title: 'B' } })), { ...before, title: 'B' })
  const standard = `/admin/events/${slug}/standard_tickets/${before.id}`
  assert.deepEqual(expect(200, await world.send(club, 'PATCH', standard, { standard_ticket: { price: '20.00' } })), {
    ...before,
    title: 'B',
    price: { amount: '20.00', currency: 'EUR' },
  })
})

for (const empty of ['', null]) {
  test(`${JSON.stringify(empty)} clears stock, limit for each customer and tax rate`, async () => {
    const { id } = await make({ max_per_customer: 4, tax_rate: '19.0' })
    for (const field of ['stock', 'max_per_customer', 'tax_rate']) {
      const answer = await patch(id, { [field]: empty })
      assert.equal(answer.status, 200, `${field}: ${answer.text}`)
      assert.equal(answer.body[field], null)
    }
  })
}

test('values out of range are 422 on their field', async () => {
  const bad: [string, unknown][] = [
    ['state', 'gone'],
    ['stock', -1],
    ['stock', 1.5],
    ['max_per_order', 0],
    ['max_per_order', 101],
    ['max_per_customer', 0],
    ['position', 0],
    ['unlimited_stock', 'yes'],
  ]
  for (const [field, value] of bad)
    assert.deepEqual(Object.keys(await refused({ [field]: value })), [field], `${field} ${value}`)
})

test('the list has active and hidden ones by position; deleting archives, and the archive can be asked for', async () => {
  const fresh = await world.event(club, { title: 'Positions' })
  const add = async (title: string, more = {}) => expect(201, await post({ title, price: '1', ...more }, fresh.slug)).id
  const [a, b, c] = [await add('a'), await add('b', { state: 'hidden' }), await add('c')]
  const path = `/admin/events/${fresh.slug}/tickets`
  const ids = async (query = '') =>
    expect(200, await world.get(club, path + query)).tickets.map((ticket: { id: number }) => ticket.id)
  assert.deepEqual(await ids(), [fresh.ticketId, a, b, c])
  expect(200, await world.send(club, 'PATCH', `${path}/${c}`, { position: 1 }))
  assert.deepEqual(await ids(), [fresh.ticketId, c, a, b])
  const gone = await world.send(club, 'DELETE', `${path}/${a}`)
  assert.deepEqual([gone.status, gone.text], [204, ''])
  assert.equal((await world.send(club, 'DELETE', `${path}/${a}`)).status, 204)
  assert.deepEqual(await ids(), [fresh.ticketId, c, b])
  assert.deepEqual(await ids('?filter=archived'), [a])
  assert.equal(expect(200, await world.get(club, `${path}/${a}`)).state, 'archived')
  expect(200, await world.send(club, 'PATCH', `${path}/${a}`, { state: 'active' }))
  assert.deepEqual(await ids('?filter=archived'), [])
  expect(422, await world.get(club, `${path}?filter=sold`))
})

test('the list says which event it is of', async () => {
  const { event } = expect(200, await world.get(club, `/admin/events/${slug}/tickets`))
  assert.deepEqual(event, { id: eventId, slug, title: 'Friday' })
  assert.ok((await list()).includes(ticketId))
})

test("another event's ticket is 404 under this event", async () => {
  const other = await world.event(club, { title: 'Saturday' })
  for (const method of ['PATCH', 'DELETE'] as const) {
    assert.equal(
      (
        await world.send(
          club,
          method,
          `/admin/events/${slug}/tickets/${other.ticketId}`,
          method === 'PATCH' ? { title: 'x' } : undefined,
        )
      ).status,
      404,
    )
  }
  assert.equal((await world.get(club, `/admin/events/${slug}/tickets/${other.ticketId}`)).status, 404)
})

test('a stock below what is sold and held is refused', async () => {
  const { id } = await make({ title: 'Few', stock: 5 })
  await world.paidOrder(club, { eventSlug: slug, ticketId: id, quantity: 2 })
  expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: id, quantity: 1 }] }),
  )
  assert.deepEqual(expect(422, await patch(id, { stock: 2 })).errors, {
    stock: ['is less than the places that are sold or held'],
  })
  assert.equal(expect(200, await patch(id, { stock: 3 })).stock, 3)
})
