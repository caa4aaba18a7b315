import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../../../test/support/world.ts'
import { migrate } from '../../platform/migrations.ts'

const world = await openWorld()

test('what was sold before there were invoices gets the very papers that it would have got when it was sold', async () => {
  const club = await world.organizer({ currency: 'JPY' })
  const { slug, ticketId } = await world.event(club, { price: '1001', taxRate: '19.0' })
  const types = [
    { title: 'Child', price: '333', tax_rate: '7.0' },
    { title: 'Friend', price: '50' },
  ].map((fields) => world.send(club, 'POST', `/admin/events/${slug}/standard_tickets`, fields))
  const ids = [ticketId, ...(await Promise.all(types)).map((answer) => expect(201, answer).id)]
  for (const [n, parts] of [['7', '333', undefined], [undefined], [], ['1', '1']].entries()) {
    world.setTime(new Date(Date.UTC(2026, 11, 31, 22, 59, 45 + 10 * n)).toISOString())
    const items = ids.map((ticket_id, index) => ({ ticket_id, quantity: index + n + 1 }))
    const checkout = expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items })).public_id
    const buyer = { email: `buyer-${n}@example.com`, name: `Buyer ${n}`, company: n === 1 ? 'Acme' : null }
    expect(200, await world.shop(club, 'PATCH', `/checkouts/${checkout}`, { buyer, locale: n === 0 ? 'de' : 'en' }))
    const pay = { provider: 'test', outcome: 'succeed' }
    const { order } = expect(200, await world.shop(club, 'POST', `/checkouts/${checkout}/payment`, pay))
    for (const amount of parts) {
      world.setTime(new Date(world.now().getTime() + 1000).toISOString())
      expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/refund`, amount && { amount }))
    }
  }
  const issued = await readPapers()
  assert.equal(issued.length, 10)

  await world.db.unsafe(`
    drop table invoices, invoice_counters;
    drop function refuse_invoice_change;
    delete from migrations where name = '0012_invoices.sql'`)
  assert.deepEqual(await migrate(world.db), ['0012_invoices.sql'])

  assert.deepEqual(await readPapers(), issued)
})

const readPapers = () => world.db`
  select i.account_id, order_id, refund_id, kind, number, issued_at, total_minor, document, last_number
  from invoices i join invoice_counters c using (account_id, year) order by i.account_id, year, sequence`
