import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

/** Pages are handed on as the database wrote them, without being decoded: whatever a text holds, it must arrive whole. */

const world = await openWorld()

const texts = {
  'letters of every length': 'Łukasz “Zoë” Nguyễn 🎟 é',
  'what JSON escapes': 'say "hi" \\ done \t \u2028 \u0001',
  'letters that are bytes elsewhere': 'Ã¼ ÿþ \u0080\u009f',
  'what stands between cells and rows': 'a\u001fb\u001ec\u001dd',
  'a null, as rows have it': 'x \u001d',
  'a whole row more': `x${'\u001f1'.repeat(9)}\u001e1${'\u001f2'.repeat(2)}`,
}

for (const [what, text] of Object.entries(texts))
  test(`${what} arrive as they were, on every list, a customer's page and an event's`, async () => {
    const club = await world.organizer()
    const { slug, ticketId } = await world.event(club)
    const { public_id: order } = await world.paidOrder(club, { eventSlug: slug, ticketId, name: text, company: text })
    expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { title: text, faq: [faq(text)] }))
    expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${ticketId}`, { title: text }))

    for (const query of ['limit=50', 'limit=50&query=example', `limit=50&event_slug=${slug}`, 'period=all_time']) {
      const { customers } = expect(200, await world.get(club, `/admin/customers?${query}`))
      assert.deepEqual([customers[0].name, customers[0].company, customers.length], [text, text, 1])
      const { orders } = expect(200, await world.get(club, `/admin/orders?${query}`))
      assert.deepEqual([orders[0].customer_name, orders.length], [text, 1])
    }
    const { customers } = expect(200, await world.get(club, '/admin/customers'))
    const customer = expect(200, await world.get(club, `/admin/customers/${customers[0].id}`))
    assert.deepEqual([customer.name, customer.orders[0].customer_name], [text, text])
    assert.equal(expect(200, await world.get(club, `/admin/orders/${order}`)).customer_name, text)
    const event = expect(200, await world.get(club, `/admin/events/${slug}`))
    assert.deepEqual([event.title, event.tickets_breakdown[0].title, event.faq], [text, text, [faq(text)]])
  })

function faq(text: string) {
  return { question: text, answer: text }
}
