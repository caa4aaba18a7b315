import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { expect, type Organizer, openWorld } from '../../../test/support/world.ts'

const world = await openWorld()

interface Listed {
  number: string
  kind: string
  issued_at: string
  total: { amount: string; currency: string }
  url: string
}

const invoicesOf = async (club: Organizer, ref: string): Promise<Listed[]> =>
  expect(200, await world.get(club, `/admin/orders/${ref}/invoices`))
const numbersOf = async (club: Organizer, ref: string) =>
  (await invoicesOf(club, ref)).map(({ number, kind, total }) => [number, kind, total.amount])
const refund = (club: Organizer, ref: string, amount?: string) =>
  world.send(club, 'POST', `/admin/orders/${ref}/refund`, amount === undefined ? undefined : { amount })

/** The paper as a buyer gets it, and the text in it. */
async function readPaper(club: Organizer, url: string) {
  const { host, pathname } = new URL(url)
  const { statusCode, headers, rawPayload } = await world.app.inject({ url: pathname, headers: { host } })
  const text =
    statusCode === 200 ? execFileSync('pdftotext', ['-layout', '-', '-'], { input: rawPayload, encoding: 'utf8' }) : ''
  return { club, statusCode, headers, text: text.normalize('NFKC') }
}

test('paid orders are numbered one after another; the list says what each is worth and where its paper is', async () => {
  const club = await world.organizer()
  const first = await world.paidOrder(club, { quantity: 2, at: '2026-04-22T12:34:50Z' })
  const second = await world.paidOrder(club)

  assert.deepEqual(await invoicesOf(club, first.order_code), [
    {
      number: '2026-00001',
      kind: 'invoice',
      issued_at: '2026-04-22T12:34:50Z',
      total: { amount: '42.00', currency: 'EUR' },
      url: `http://${club.subdomain}.foyer.test/orders/${first.public_id}/invoices/2026-00001.pdf`,
    },
  ])
  assert.deepEqual(await numbersOf(club, second.public_id), [['2026-00002', 'invoice', '21.00']])
})

test('every refund has a cancellation at the moment when its money has gone back', async () => {
  const club = await world.organizer()
  const { public_id: ref } = await world.paidOrder(club, { quantity: 2 })
  expect(200, await refund(club, ref, '5.00'))
  expect(200, await world.send(club, 'POST', `/admin/orders/${ref}/cancellation`))

  assert.deepEqual(await numbersOf(club, ref), [
    ['2026-00001', 'invoice', '42.00'],
    ['2026-00002', 'cancellation', '-5.00'],
    ['2026-00003', 'cancellation', '-37.00'],
  ])
})

test("the year is the account's, and each year begins with 1", async () => {
  const club = await world.organizer({ timeZone: 'Pacific/Auckland' })
  const { slug, ticketId } = await world.event(club)
  const at = async (instant: string) => {
    const order = await world.paidOrder(club, { eventSlug: slug, ticketId, at: instant })
    return (await invoicesOf(club, order.public_id))[0]?.number
  }
  assert.equal(await at('2026-12-31T10:59:59Z'), '2026-00001')
  assert.equal(await at('2026-12-31T11:00:00Z'), '2027-00001')
  assert.equal(await at('2026-12-31T11:00:01Z'), '2027-00002')
  world.setTime('2026-04-22T12:34:50Z')
})

test('free orders have no invoice, nor has their cancellation', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { price: '0.00' })
  const { public_id: ref } = await world.paidOrder(club, { eventSlug: slug, ticketId })
  expect(200, await world.send(club, 'POST', `/admin/orders/${ref}/cancellation`))

  assert.deepEqual(await invoicesOf(club, ref), [])
})

test("the paper shows who sells, who buys, what, and the tax, in the buyer's language and script", async () => {
  const club = await world.organizer()
  const settings = { name: 'Kulturhaus Çağrı', imprint: 'Uferstraße 12\n10997 Berlin', vat_id: 'DE123456789' }
  expect(200, await world.send(club, 'PATCH', '/admin/settings', settings))
  const { slug, ticketId } = await world.event(club, { taxRate: '7.0' })
  const cart = { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 2 }] }
  const { public_id: checkout } = expect(201, await world.shop(club, 'POST', '/checkouts', cart))
  const buyer = { email: 'buyer@example.com', name: '王小明', company: 'Παπαδόπουλος ΑΕ' }
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${checkout}`, { buyer, locale: 'de' }))
  const { order } = expect(
    200,
    await world.shop(club, 'POST', `/checkouts/${checkout}/payment`, { provider: 'test', outcome: 'succeed' }),
  )
  expect(200, await refund(club, order.public_id, '10.00'))
  const [invoice, cancellation] = await invoicesOf(club, order.public_id)

  const paper = await readPaper(club, invoice?.url ?? '')
  assert.equal(paper.headers['content-type'], 'application/pdf')
  assert.equal(paper.headers['content-disposition'], 'inline; filename="2026-00001.pdf"')
  for (const shown of [
    'Rechnung 2026-00001',
    '22. April 2026',
    order.display_number,
    'Kulturhaus Çağrı',
    'Uferstraße 12',
    '10997 Berlin',
    'USt-IdNr.: DE123456789',
    '王小明',
    'Παπαδόπουλος ΑΕ',
    'buyer@example.com',
    'Spring Showcase',
    '1. Juni 2030',
    'Hall, Berlin',
    'General Admission',
    '21,00 €',
    '42,00 €',
    'enthält 7 % Steuer aus 42,00 €',
    '2,75 €',
    '39,25 €',
    'Seite 1 von 1',
  ])
    assert.ok(paper.text.includes(shown), `${shown} is not in:\n${paper.text}`)
  const back = await readPaper(club, cancellation?.url ?? '')
  for (const shown of [
    'Stornorechnung 2026-00002',
    'Storniert Rechnung 2026-00001 vom 22. April 2026',
    '-10,00 €',
    '-0,65 €',
    '王小明',
  ])
    assert.ok(back.text.includes(shown), `${shown} is not in:\n${back.text}`)
})

test('a discount stands under its line, and the tax is that of the rest', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club, { taxRate: '19.0' })
  const code = { code: 'THIRD', discount_type: 'percentage', discount_amount: '33.33' }
  expect(201, await world.send(club, 'POST', '/admin/promo_codes', code))
  const { public_id: ref } = await world.paidOrder(club, { eventSlug: slug, ticketId, promoCode: 'THIRD' })
  const [invoice] = await invoicesOf(club, ref)

  assert.equal(invoice?.total.amount, '14.00')
  const { text } = await readPaper(club, invoice?.url ?? '')
  for (const shown of [
    /General Admission +1 +€21.00 +€21.00/,
    /Discount +-€7.00/,
    /Total +€14.00/,
    /19% tax on €14.00 +€2.24/,
  ])
    assert.match(text, shown)
})

test('a paper stays as it was issued, whatever changes later', async () => {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const { public_id: ref } = await world.paidOrder(club, { eventSlug: slug, ticketId, name: 'Jane Doe' })
  const [invoice] = await invoicesOf(club, ref)
  const before = await readPaper(club, invoice?.url ?? '')

  expect(
    200,
    await world.send(club, 'PATCH', '/admin/settings', {
      name: 'Another name',
      imprint: 'Elsewhere',
      vat_id: 'X1',
      time_zone: 'Asia/Tokyo',
    }),
  )
  expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { title: 'Another title' }))
  const after = await readPaper(club, invoice?.url ?? '')

  assert.equal(after.text, before.text)
  assert.match(before.text, /Jane Doe/)
})

for (const [currency, price, shown] of [
  ['JPY', '2100', '¥2,100'],
  ['KWD', '2.100', 'KWD 2.100'],
] as const) {
  test(`amounts in ${currency} have the currency's decimals`, async () => {
    const club = await world.organizer({ currency })
    const { slug, ticketId } = await world.event(club, { price, taxRate: '19.0' })
    const { public_id: ref } = await world.paidOrder(club, { eventSlug: slug, ticketId })
    const [invoice] = await invoicesOf(club, ref)

    assert.equal(invoice?.total.amount, price)
    const { text } = await readPaper(club, invoice?.url ?? '')
    assert.ok(text.includes(shown), text)
  })
}

test('a long imprint and many long lines go on over several pages', async () => {
  const club = await world.organizer()
  const imprint = Array.from({ length: 200 }, (_, n) => `Line ${n + 1} of a very long imprint`)
    .join('\n')
    .slice(0, 5000)
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { imprint }))
  const { public_id: ref } = await world.paidOrder(club, { company: 'x'.repeat(255), name: '王'.repeat(255) })
  const [invoice] = await invoicesOf(club, ref)

  const { text } = await readPaper(club, invoice?.url ?? '')

  assert.match(text, /Page 1 of [34]/)
  for (let n = 1; n <= 100; n++) assert.match(text, new RegExp(`Line ${n} of`))
})

test("a paper opens by its order's id in its own shop only; every other name is a 404", async () => {
  const club = await world.organizer()
  const rival = await world.organizer()
  const { public_id: ref } = await world.paidOrder(club)
  const other = await world.paidOrder(club)
  const path = `/orders/${ref}/invoices`
  const status = async (who: Organizer, url: string) => (await world.shop(who, 'GET', url)).status

  assert.equal(await status(club, `${path}/2026-00001.pdf`), 200)
  assert.equal(await status(rival, `${path}/2026-00001.pdf`), 404)
  for (const url of [
    `${path}/2026-00001`,
    `${path}/2026-00002.pdf`,
    `${path}/.pdf`,
    `${path}/%FF.pdf`,
    `${path}/2026-00001%00.pdf`,
    `${path}/..%2F..%2F2026-00001.pdf`,
    `/orders/${other.public_id}/invoices/2026-00001.pdf`,
    '/orders/unknown/invoices/2026-00001.pdf',
  ])
    assert.equal(await status(club, url), 404, url)
  assert.equal(
    (
      await world.app.inject({
        method: 'HEAD',
        url: `${path}/2026-00001.pdf`,
        headers: { host: `${club.subdomain}.foyer.test` },
      })
    ).statusCode,
    200,
  )
})

test('an issued invoice can be neither changed nor deleted', async () => {
  const club = await world.organizer()
  await world.paidOrder(club)
  for (const act of ['update invoices set total_minor = 1', 'delete from invoices'])
    await assert.rejects(world.db.unsafe(`${act} where account_id = ${club.id}`), /an invoice never changes/)
})
