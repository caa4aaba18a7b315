import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simpleParser } from 'mailparser'
import { allOn } from '../../test/support/pools.ts'
import { runJobs } from '../../test/support/run-jobs.ts'
import { openWorld } from '../../test/support/world.ts'
import { buildApp } from '../app.ts'

const world = await openWorld()
const club = await world.organizer()

const look = (path: string) => world.app.inject({ method: 'GET', url: path, headers: { accept: 'text/html' } })

async function latestMail(): Promise<string> {
  const [row] = await world.db<[{ publicId: string }]>`select public_id from mails order by id desc limit 1`
  return row.publicId
}

test('without a mail server mails are kept, and can be read as they would be sent', async () => {
  const order = await world.paidOrder(club, { email: 'jane@example.com' })
  await runJobs(world)
  const id = await latestMail()

  const list = await look('/dev/mail')
  const mail = await look(`/dev/mail/${id}`)
  const message = await simpleParser((await look(`/dev/mail/${id}/message`)).rawPayload)

  assert.match(String(list.headers['content-type']), /^text\/html/)
  assert.ok(
    list.body.includes(`/dev/mail/${id}`) && list.body.includes('jane@example.com') && list.body.includes('kept'),
  )
  assert.ok(mail.body.includes(`http://club-1.foyer.test/orders/${order.public_id}`), mail.body)
  assert.deepEqual(
    message.attachments.map(({ filename, contentType }) => [filename, contentType]),
    [
      ['tickets.pdf', 'application/pdf'],
      ['event.ics', 'text/calendar'],
    ],
  )
  const pdf = await look(`/dev/mail/${id}/files/tickets.pdf`)
  assert.deepEqual([pdf.statusCode, pdf.headers['content-type']], [200, 'application/pdf'])
  assert.equal((await look(`/dev/mail/${id}/files/other.pdf`)).statusCode, 404)
  assert.equal((await look('/dev/mail/unknown')).statusCode, 404)
})

test('a mail that was kept is not sent when there is a mail server later', async () => {
  const rows = await world.db`select from mails where status = 'kept'`
  assert.ok(rows.length > 0)
  assert.deepEqual([...(await world.db`select from graphile_worker.jobs`)], [])
})

test('hostile text is shown as text', async () => {
  const { slug, ticketId } = await world.event(club, { title: '<img src=x onerror=alert(1)>' })
  await world.paidOrder(club, { eventSlug: slug, ticketId, name: '</pre><script>alert(2)</script>' })

  const page = await look(`/dev/mail/${await latestMail()}`)

  assert.doesNotMatch(page.body, /<script|<img/)
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
})

for (const [name, overrides] of [
  ['that takes real money only', { testPayments: false }],
  ['that sends its mails', { smtpUrl: 'smtp://127.0.0.1:1' }],
] as const) {
  test(`an installation ${name} shows no mails to anybody`, async () => {
    const config = { ...world.config, ...overrides }
    const isReady = () => true
    const real = await buildApp({
      ...allOn(world.db),
      clock: world.now,
      config,
      log: world.app.log,
      isReady,
    })
    for (const path of ['/dev/mail', `/dev/mail/${await latestMail()}`, `/dev/mail/${await latestMail()}/message`])
      assert.equal((await real.inject(path)).statusCode, 404)
    await real.close()
  })
}
