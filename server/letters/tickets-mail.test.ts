import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { ParsedMail } from 'mailparser'
import { endPauses, runJobs } from '../../test/support/run-jobs.ts'
import { startSmtpDouble } from '../../test/support/smtp-double.ts'
import { expect, openWorld } from '../../test/support/world.ts'

const smtp = await startSmtpDouble()
const world = await openWorld({ smtpUrl: smtp.url })
const club = await world.organizer()

beforeEach(() => {
  smtp.mails.length = 0
  smtp.manners = {}
})

async function statuses() {
  const rows = await world.db<
    { status: string; problem: string | null }[]
  >`select status, problem from mails order by id`
  return rows.map(({ status, problem }) => (problem === null ? status : `${status}: ${problem}`))
}

test('a buyer gets the tickets by mail once the order is paid, and nobody before', async () => {
  const { slug, ticketId } = await world.event(club, { title: 'Spring Showcase', price: '21.00' })
  const items = [{ ticket_id: ticketId, quantity: 1 }]
  expect(201, await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items }))
  const order = await world.paidOrder(club, { eventSlug: slug, ticketId, quantity: 2, email: 'Jane@Example.com' })

  await runJobs(world)

  const [mail, ...others] = smtp.mails
  assert.deepEqual(others, [])
  assert.equal(addressOf(mail), 'jane@example.com')
  assert.equal(mail?.from?.text, '"Club club-1" <no-reply@foyer.test>')
  assert.equal(mail?.subject, 'Your tickets for Spring Showcase')
  const text = mail?.text ?? ''
  for (const part of [
    'Hello Jane Doe,',
    'Saturday, 1 June 2030 at 22:00, until 01:00',
    'Hall, Street 1, 10115 Berlin',
    '2 × General Admission',
    'Total: €42.00',
    `Order ${order.display_number}`,
    `http://club-1.foyer.test/orders/${order.public_id}`,
  ])
    assert.ok(text.includes(part), `${part} is not in:\n${text}`)
})

test('a buyer who bought in German reads German', async () => {
  await world.paidOrder(club, { locale: 'de', name: 'Jörg' })

  await runJobs(world)

  const [mail] = smtp.mails
  assert.equal(mail?.subject, 'Ihre Tickets für Spring Showcase')
  for (const part of [
    'Guten Tag Jörg,',
    'Samstag, 1. Juni 2030 um 22:00, bis 01:00',
    'Summe: 21,00\u00a0€',
    'Bestellung ',
  ])
    assert.ok(mail?.text?.includes(part), `${part} is not in:\n${mail?.text}`)
})

test('the tickets and the date are attached: a PDF for the printer, and what calendars read', async () => {
  const { slug, ticketId } = await world.event(club, { title: 'Jazz; \r\nATTENDEE:x, \\ all night' })
  const order = await world.paidOrder(club, { eventSlug: slug, ticketId })

  await runJobs(world)

  const [pdf, calendar] = smtp.mails[0]?.attachments ?? []
  assert.deepEqual([pdf?.filename, pdf?.contentType], ['tickets.pdf', 'application/pdf'])
  assert.equal(pdf?.content.subarray(0, 5).toString(), '%PDF-')
  assert.deepEqual([calendar?.filename, calendar?.contentType], ['event.ics', 'text/calendar'])
  const lines = calendar?.content.toString().split('\r\n') ?? []
  for (const line of [
    'DTSTART:20300601T200000Z',
    'DTEND:20300601T230000Z',
    'SUMMARY:Jazz\\; ATTENDEE:x\\, \\\\ all night',
    `UID:${order.public_id}@club-1.foyer.test`,
  ])
    assert.ok(lines.includes(line), `${line} is not in:\n${lines.join('\n')}`)
  assert.equal(lines.filter((line) => line.startsWith('ATTENDEE')).length, 0)
})

test('a free order has its mail as well', async () => {
  const { slug, ticketId } = await world.event(club, { price: '0.00' })
  await world.paidOrder(club, { eventSlug: slug, ticketId })

  await runJobs(world)

  assert.equal(smtp.mails.length, 1)
})

test('however often the payment is confirmed, and however often the queue runs, the mail is sent once', async () => {
  const order = await world.paidOrder(club)
  await runJobs(world)
  await runJobs(world)

  assert.equal(smtp.mails.length, 1)
  assert.ok(order)
})

test('the Message-ID is the same each time that one mail is tried', async () => {
  await world.paidOrder(club)
  const ids: (string | undefined)[] = []
  smtp.manners.message = ({ messageId }) => {
    ids.push(messageId)
    return ids.length < 3 ? 451 : undefined
  }

  for (let round = 1; round <= 3; round++) {
    await runJobs(world)
    await endPauses(world)
  }

  assert.equal(ids.length, 3)
  assert.equal(new Set(ids).size, 1)
  assert.match(String(ids[0]), /^<[a-z0-9]{20}@foyer\.test>$/)
  assert.equal(smtp.mails.length, 1)
})

test('a mail that can not go now is tried again, after pauses that grow', async () => {
  await world.paidOrder(club)
  const pauses: number[] = []
  smtp.manners.recipient = () => 450

  for (let round = 1; round <= 4; round++) {
    await runJobs(world)
    const [job] = await world.db<[{ pause: number }]>`
      select extract(epoch from run_at - now())::float8 as pause from graphile_worker.jobs`
    pauses.push(job.pause)
    await endPauses(world)
  }
  smtp.manners = {}
  await runJobs(world)

  for (const [index, pause] of pauses.entries()) assert.ok(pause > (pauses[index - 1] ?? 0), `pauses: ${pauses}`)
  assert.equal(smtp.mails.length, 1)
  assert.equal((await statuses()).at(-1), 'sent')
})

test('an address that is refused for good ends the mail as failed, with the reason', async () => {
  await world.paidOrder(club)
  smtp.manners.recipient = () => 550

  await runJobs(world)

  assert.equal((await statuses()).at(-1), 'failed: 550 Refused by the double')
  assert.deepEqual([...(await world.db`select from graphile_worker.jobs`)], [])
})

for (const [what, manners] of [
  ['our address', { sender: () => 550 }],
  ['what we may do', { recipient: () => '550 5.7.1 Relaying denied' }],
] as const) {
  test(`while the server refuses ${what}, not the buyer's, the mail waits`, async () => {
    await world.paidOrder(club)
    smtp.manners = manners
    await runJobs(world)
    assert.equal((await statuses()).at(-1), 'waiting')

    smtp.manners = {}
    await endPauses(world)
    await runJobs(world)

    assert.equal((await statuses()).at(-1), 'sent')
  })
}

test('a mail server that was down gets the mail when it is up', async () => {
  await smtp.goDown()
  await world.paidOrder(club)
  await runJobs(world)
  assert.equal((await statuses()).at(-1), 'waiting')

  await smtp.comeUp()
  await endPauses(world)
  await runJobs(world)

  assert.equal(smtp.mails.length, 1)
})

test('a mail that could not go for three days has failed, and says why', async () => {
  await world.paidOrder(club)
  smtp.manners.recipient = () => 450
  await world.db`update graphile_worker._private_jobs set attempts = max_attempts - 1`

  await runJobs(world)

  assert.match(String((await statuses()).at(-1)), /^failed: .*450/)
})

test('hostile text in names and titles is text: no header, no recipient and no link comes of it', async () => {
  const title = 'Jazz\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>'
  const { slug, ticketId } = await world.event(club, { title })
  const name = 'Eve\r\nBcc: other@example.com\nX-Evil: 1'
  await world.paidOrder(club, { eventSlug: slug, ticketId, name })
  await world.paidOrder(club, { name: 'Win at https://evil.example/now' })
  await world.send(club, 'PATCH', '/admin/settings', { name: 'Club"\r\nBcc: third@example.com' })
  await world.paidOrder(club, { name: '=SUM(A1)' })

  await runJobs(world)

  assert.deepEqual(smtp.mails.map(addressOf), ['jane@example.com', 'jane@example.com', 'jane@example.com'])
  for (const mail of smtp.mails) {
    assert.equal(mail.bcc, undefined)
    assert.equal(mail.headers.has('x-evil'), false)
    assert.equal(mail.text?.includes('evil.example'), false)
    const links = [...String(mail.html).matchAll(/href="([^"]*)/g)].map(([, link]) => link)
    assert.equal(links.length, 1)
    assert.match(String(links[0]), /^http:\/\/club-1\.foyer\.test\/orders\/[a-z0-9]{20}$/)
    assert.doesNotMatch(String(mail.html), /<script/)
  }
  assert.equal(smtp.mails[0]?.subject, 'Your tickets for Jazz Bcc: victim@example.com <script>alert(1)</script>')
})

function addressOf(mail: ParsedMail | undefined): string | undefined {
  return [mail?.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address))[0]
}
