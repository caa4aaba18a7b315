import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { openStripeWorld } from '../../test/stripe/stripe-world.ts'
import { runJobs } from '../../test/support/run-jobs.ts'
import { startSmtpDouble } from '../../test/support/smtp-double.ts'
import { expect } from '../../test/support/world.ts'

const smtp = await startSmtpDouble()
const world = await openStripeWorld({ smtpUrl: smtp.url })

beforeEach(() => {
  smtp.mails.length = 0
})

/** What came, in the order of the addresses: to whom, about what, and the words. */
async function mailsSent() {
  await runJobs(world)
  return smtp.mails
    .splice(0)
    .map(({ to, subject, text }) => ({ to: [to ?? []].flat()[0]?.text ?? '', subject, text: text ?? '' }))
    .sort((a, b) => a.to.localeCompare(b.to))
}

async function soldOrder(locale?: 'de') {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const { checkout, order } = await buy(club, slug, ticketId, locale)
  await mailsSent()
  const act = (name: string, body?: unknown) =>
    world.send(club, 'POST', `/admin/orders/${order.public_id}/${name}`, body)
  return { club, checkout, order, act }
}

async function buy(club: Parameters<typeof world.shop>[0], slug: string, ticketId: number, locale?: 'de') {
  const items = [{ ticket_id: ticketId, quantity: 2 }]
  const checkout = expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items }))
  const buyer = { email: 'jane@example.com', name: 'Jane Doe' }
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${checkout.public_id}`, { buyer, locale }))
  const choice = { provider: 'test', outcome: 'succeed' }
  const { order } = expect(200, await world.shop(club, 'POST', `/checkouts/${checkout.public_id}/payment`, choice))
  return { checkout, order }
}

test('who gets a part of the money back is told how much, and that the tickets stay valid', async () => {
  const { order, act } = await soldOrder()

  expect(200, await act('refund', { amount: '5.00' }))

  const [mail, ...others] = await mailsSent()
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Your refund for Spring Showcase')
  for (const part of ['Hello Jane Doe,', '€5.00', 'Your tickets stay valid.', order.display_number, order.public_id])
    assert.ok(mail?.text.includes(part), `${part} is not in:\n${mail?.text}`)
})

test('who gets everything back is told that the tickets have ended', async () => {
  const { act } = await soldOrder('de')

  expect(200, await act('refund'))

  const [mail, ...others] = await mailsSent()
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Ihre Erstattung für Spring Showcase')
  assert.ok(mail?.text.includes('42,00\u00a0€'), mail?.text)
  assert.ok(mail?.text.includes('Ihre Tickets dafür gelten nicht mehr.'))
})

test('who is cancelled is told so once, with what goes back', async () => {
  const { act } = await soldOrder()
  expect(200, await act('refund', { amount: '2.00' }))
  await mailsSent()

  expect(200, await act('cancellation'))
  expect(409, await act('cancellation'))

  const [mail, ...others] = await mailsSent()
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Your order for Spring Showcase was cancelled')
  assert.ok(mail?.text.includes('You get €40.00 back'), mail?.text)
})

test('a refund that the provider still works on is told of when the money has gone', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session, '4000000000007726')
  await sale.comeBack(checkout)
  const order = await sale.orderOf(checkout)
  await mailsSent()

  expect(200, await world.send(sale.club, 'POST', `/admin/orders/${order?.public_id}/refund`, { amount: '1.00' }))
  assert.deepEqual(await mailsSent(), [])
  await world.runJobs()
  await world.pass(10)
  await world.runJobs()

  const mails = await mailsSent()
  assert.deepEqual(
    mails.map(({ subject }) => subject),
    ['Your refund for Spring Showcase'],
  )
})

test('money that came too late: buyer and organiser are told why it goes back, once', async () => {
  const sale = await world.sale({ stock: 2 })
  const late = await sale.begin('late@example.com')
  expect(200, await world.shop(sale.club, 'PATCH', `/checkouts/${late}`, { locale: 'de' }))
  const { session } = await sale.startPayment(late)
  await world.pass(20 * 60)
  const early = await sale.begin('early@example.com')
  await world.fake.pay((await sale.startPayment(early)).session)
  await sale.comeBack(early)
  await world.fake.pay(session)

  for (let visit = 0; visit < 3; visit++) await sale.comeBack(late)

  const [toEarly, toLate, toOwner, ...others] = await mailsSent()
  assert.deepEqual(others, [])
  assert.equal(toEarly?.subject, 'Your tickets for Spring Showcase')
  assert.deepEqual(
    [toLate?.to, toLate?.subject],
    ['late@example.com', 'Ihre Zahlung für Spring Showcase geht an Sie zurück'],
  )
  assert.ok(toLate?.text.includes('42,00\u00a0€'), toLate?.text)
  assert.ok(toLate?.text.includes('„General Admission“ ist ausverkauft'), toLate?.text)
  assert.equal(toOwner?.to, `owner@${sale.club.subdomain}.example`)
  assert.equal(toOwner?.subject, 'A payment for Spring Showcase goes back')
  assert.ok(toOwner?.text.includes('€42.00 for Spring Showcase by late@example.com'), toOwner?.text)
  assert.ok(toOwner?.text.includes('General Admission is sold out'), toOwner?.text)
})

test('who had given up is told why the money goes back', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session)

  expect(204, await world.shop(sale.club, 'DELETE', `/checkouts/${checkout}`))

  const mails = await mailsSent()
  assert.deepEqual(
    mails.map(({ to }) => to),
    ['jane@example.com', `owner@${sale.club.subdomain}.example`],
  )
})
