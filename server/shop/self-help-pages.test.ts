import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, page } from '../../test/support/forms.ts'
import { runJobs } from '../../test/support/run-jobs.ts'
import { startSmtpDouble } from '../../test/support/smtp-double.ts'
import { expect, openWorld } from '../../test/support/world.ts'
import { wordsOf } from './words/words.ts'

/** Buyers help themselves: tickets again, the date for their calendar, the links to their orders. */

const smtp = await startSmtpDouble()
const world = await openWorld({ smtpUrl: smtp.url })
const club = await world.organizer()
const rival = await world.organizer()
const mailsSent = async () => {
  await runJobs(world)
  return smtp.mails.splice(0).map(({ subject }) => subject)
}

for (const locale of ['en', 'de'] as const) {
  const words = wordsOf[locale]

  test(`the order's page sends the tickets again, and says when that is enough (${locale})`, async () => {
    const order = await world.paidOrder(club, { locale })
    await mailsSent()
    const path = `/orders/${order.public_id}`
    const again = () => form(world, club, `${path}/tickets-mail`, {})
    assert.ok((await page(world, club, path)).text.includes(words.sendAgain))

    for (let time = 1; time <= 3; time++) {
      const sent = await again()
      assert.deepEqual([sent.status, sent.headers.location], [303, `${path}?done=sent`])
    }
    const refused = await again()

    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '3600'])
    assert.ok(refused.text.includes(words.errorSentOften))
    assert.ok((await page(world, club, `${path}?done=sent`)).text.includes(words.onTheirWay('jane@example.com')))
    assert.equal((await mailsSent()).length, 3)
  })

  test(`who lost the mail asks for the links, and the page does not tell who is known (${locale})`, async () => {
    await world.paidOrder(club, { email: `known-${locale}@example.com` })
    await mailsSent()
    const ask = (email: string) => form(world, club, `/lost-tickets?lang=${locale}`, { email })

    const [known, unknown] = [await ask(` Known-${locale}@Example.com`), await ask('nobody@example.com')]
    const answer = await page(world, club, String(known.headers.location))

    assert.deepEqual([known.status, known.headers.location], [303, `/lost-tickets?lang=${locale}&done=asked`])
    assert.deepEqual(
      [unknown.status, unknown.headers.location, unknown.text],
      [303, known.headers.location, known.text],
    )
    assert.ok(answer.text.includes(words.linksAsked))
    assert.equal((await mailsSent()).length, 1)
  })

  test(`what is no address is told beside the field, and what was typed is kept (${locale})`, async () => {
    const ask = (email: string) => form(world, club, `/lost-tickets?lang=${locale}`, { email })
    const [empty, wrong] = [await ask(' '), await ask('"><b>jane')]
    assert.equal(empty.status, 422)
    assert.ok(empty.text.includes(words.errorBlank))
    assert.equal(wrong.status, 422)
    assert.ok(wrong.text.includes(words.errorEmail))
    assert.match(wrong.text, /value="&#34;&#62;&#60;b&#62;jane"/)
    assert.equal((await ask(`${'x'.repeat(10_000)}@example.com`)).status, 422)
  })
}

test('every page leads to the page for lost tickets, in the language that was chosen', async () => {
  const order = await world.paidOrder(club)
  for (const path of ['/events', '/events/spring-showcase', `/orders/${order.public_id}`, '/nothing', '/lost-tickets'])
    assert.match((await page(world, club, `${path}?lang=de`)).text, /href="\/lost-tickets\?lang&#61;de"/, path)
})

test('forms of other sites send nothing', async () => {
  const order = await world.paidOrder(club)
  await mailsSent()
  const foreign = { 'sec-fetch-site': 'cross-site' }
  const paths = [`/orders/${order.public_id}/tickets-mail`, '/lost-tickets']
  for (const path of paths)
    assert.equal((await form(world, club, path, { email: 'jane@example.com' }, foreign)).status, 403)
  assert.deepEqual(await mailsSent(), [])
})

test("another shop's order, and one without a valid ticket, is not sent", async () => {
  const order = await world.paidOrder(club)
  const path = `/orders/${order.public_id}`
  assert.equal((await form(world, rival, `${path}/tickets-mail`, {})).status, 404)
  assert.equal((await page(world, rival, `${path}/event.ics`)).status, 404)
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`))

  const refused = await form(world, club, `${path}/tickets-mail`, {})

  assert.equal(refused.status, 409)
  assert.ok(refused.text.includes(wordsOf.en.errorNoTickets))
  assert.equal(refused.text.includes(wordsOf.en.sendAgain), false, 'nothing is offered that can not be')
  assert.equal((await page(world, club, `${path}/event.ics`)).status, 409)
})

test('the tickets and the date are there to be saved', async () => {
  const order = await world.paidOrder(club)
  const { text } = await page(world, club, `/orders/${order.public_id}`)
  const links = [...text.matchAll(/href="(\/orders\/\w+\/(?:tickets\.pdf|event\.ics))"/g)].map(([, path = '']) => path)
  const [pdf, calendar] = await Promise.all(links.map((path) => page(world, club, path)))

  assert.deepEqual([pdf?.status, pdf?.headers['content-type']], [200, 'application/pdf'])
  assert.deepEqual([calendar?.status, calendar?.headers['content-type']], [200, 'text/calendar; charset=utf-8'])
  assert.match(String(calendar?.text), /^BEGIN:VCALENDAR\r\n[\s\S]*DTSTART:20300601T200000Z\r\n/)
  assert.match(String(calendar?.text).replaceAll('\r\n ', ''), new RegExp(`/orders/${order.public_id}\r\n`))
})
