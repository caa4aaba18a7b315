import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { runJobs } from '../../test/support/run-jobs.ts'
import { startSmtpDouble } from '../../test/support/smtp-double.ts'
import { expect, type Organizer, openWorld } from '../../test/support/world.ts'
import { deleteOldMails } from '../mails/queries.ts'

const smtp = await startSmtpDouble()
const world = await openWorld({ smtpUrl: smtp.url })

beforeEach(() => {
  smtp.mails.length = 0
})

const resend = (who: Organizer, order: string) => world.shop(who, 'POST', `/orders/${order}/tickets_mail`)
const askFor = (who: Organizer, email: unknown) => world.shop(who, 'POST', '/lost_tickets', { email })

async function subjectsSent() {
  await runJobs(world)
  return smtp.mails.splice(0).map(({ subject }) => subject)
}

test('a buyer has the tickets sent again, three times in an hour', async () => {
  const club = await world.organizer()
  const order = await world.paidOrder(club)
  for (let time = 1; time <= 3; time++)
    assert.deepEqual(expect(202, await resend(club, order.public_id)), { status: 'queued' })

  const refused = await resend(club, order.public_id)

  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '3600'])
  assert.equal((await subjectsSent()).length, 4)
  world.setTime(new Date(world.now().getTime() + 3_601_000).toISOString())
  expect(202, await resend(club, order.public_id))
})

test("tickets that have ended, and another shop's, are not sent", async () => {
  const club = await world.organizer()
  const rival = await world.organizer()
  const order = await world.paidOrder(club)

  assert.equal((await resend(rival, order.public_id)).status, 404)
  assert.equal((await resend(club, order.order_code)).status, 404)
  assert.equal((await resend(club, 'unknown')).status, 404)
  await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`)
  const refused = await resend(club, order.public_id)

  assert.deepEqual([refused.status, refused.body.errors.base], [409, ['The order has no valid tickets']])
})

test('the tickets of an order that was cancelled before its mail went are not sent', async () => {
  const club = await world.organizer()
  const order = await world.paidOrder(club)
  await subjectsSent()
  expect(202, await resend(club, order.public_id))
  await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`)

  assert.deepEqual(await subjectsSent(), ['Your order for Spring Showcase was cancelled'])
})

test('who lost the mail gets the way to all orders of the address in this shop, and to no other', async () => {
  const club = await world.organizer()
  const rival = await world.organizer()
  const [first, second] = [await world.paidOrder(club), await world.paidOrder(club, { locale: 'de' })]
  const others = await world.paidOrder(club, { email: 'joe@example.com' })
  const elsewhere = await world.paidOrder(rival)
  await subjectsSent()

  expect(202, await askFor(club, ' Jane@Example.com '))
  await runJobs(world)

  const [mail, ...more] = smtp.mails
  assert.deepEqual(more, [])
  assert.equal(mail?.subject, `Ihre Bestellungen bei Club ${club.subdomain}`)
  for (const order of [first, second])
    assert.ok(mail?.text?.includes(`http://${club.subdomain}.foyer.test/orders/${order.public_id}`), mail?.text)
  for (const order of [others, elsewhere]) assert.equal(mail?.text?.includes(order.public_id), false)
})

test('the answer does not tell whether an address is known, and an unknown one gets no mail', async () => {
  const club = await world.organizer()
  await world.paidOrder(club)
  await subjectsSent()

  const known = await askFor(club, 'jane@example.com')
  const unknown = await askFor(club, 'nobody@example.com')

  const visible = ({ status, text, headers }: typeof known) => [status, text, Object.keys(headers)]
  assert.deepEqual(visible(known), visible(unknown))
  const jobs = await world.db`select task_identifier from graphile_worker.jobs`
  assert.equal(jobs.length, 2, 'both only put a job into the queue')
  assert.equal((await subjectsSent()).length, 1)
})

test('an address gets at most one such mail in ten minutes', async () => {
  const club = await world.organizer()
  await world.paidOrder(club)
  await subjectsSent()
  for (let time = 1; time <= 5; time++) {
    expect(202, await askFor(club, 'jane@example.com'))
    if (time % 2 === 0) await runJobs(world)
  }

  assert.equal((await subjectsSent()).length, 1)
  world.setTime(new Date(world.now().getTime() + 601_000).toISOString())
  expect(202, await askFor(club, 'jane@example.com'))
  assert.equal((await subjectsSent()).length, 1)
})

test('a month after it was sent, it is forgotten who asked; what was mailed of an order stays', async () => {
  const club = await world.organizer()
  await world.paidOrder(club)
  expect(202, await askFor(club, 'jane@example.com'))
  await runJobs(world)
  const kinds = async () => {
    const rows = await world.db<{ kind: string }[]>`select kind from mails where account_id = ${club.id} order by id`
    return rows.map(({ kind }) => kind)
  }
  const inDays = (days: number) => new Date(world.now().getTime() + days * 86_400_000)

  await deleteOldMails(world.db, inDays(29))
  assert.deepEqual(await kinds(), ['tickets', 'order_links'])
  await deleteOldMails(world.db, inDays(31))
  assert.deepEqual(await kinds(), ['tickets'])
})

test('what is no address is refused on email', async () => {
  const club = await world.organizer()

  assert.deepEqual((await askFor(club, 'jane')).body, { errors: { email: ['is invalid'] } })
  assert.deepEqual((await askFor(club, ' ')).body, { errors: { email: ["can't be blank"] } })
  assert.deepEqual((await askFor(club, undefined)).body, { errors: { email: ["can't be blank"] } })
  assert.equal((await askFor(club, 5)).status, 422)
})
