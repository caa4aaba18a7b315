import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { roadToDatabase } from '../support/road.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { startSmtpDouble } from '../support/smtp-double.ts'
import { openWorld } from '../support/world.ts'
import { until } from './queue-up.ts'
import { shopClient } from './shop-client.ts'

const smtp = await startSmtpDouble()
const world = await openWorld()
const club = await world.organizer()
const event = await world.event(club)
const start = { databaseUrl: world.url, environment: { SMTP_URL: smtp.url } }

beforeEach(() => {
  smtp.mails.length = 0
  smtp.manners = {}
})

async function allSent(): Promise<void> {
  await until(async () => (await world.db`select from mails where status = 'waiting'`).length === 0)
  await until(async () => (await world.db`select from graphile_worker.jobs`).length === 0)
}

/** Someone buys at the server while the mail server holds the mail in its hands; then `act` happens. */
async function inTheMiddle(server: ServerProcess, act: () => Promise<unknown>, answer: number | undefined) {
  const handed = Promise.withResolvers<void>()
  let isFirst = true
  smtp.manners.message = async () => {
    if (!isFirst) return undefined
    isFirst = false
    handed.resolve()
    await act()
    return answer
  }
  const shop = shopClient([server], club)
  const checkout = await shop.readyToPay(event.slug, [{ ticket_id: event.ticketId, quantity: 1 }], 'jane@example.com')
  const paid = await shop.pay(checkout)
  assert.equal(paid.status, 200)
  await handed.promise
}

test('an order paid while nobody sent mails has its mail once a server starts', async () => {
  await world.paidOrder(club)

  const server = await startServerProcess(start)
  await smtp.received(1)
  await allSent()
  await server.stop()

  assert.equal(smtp.mails.length, 1)
})

test('a server killed while it hands over a mail, before the yes, leaves it to the next one, which sends it once', async () => {
  const server = await startServerProcess(start)
  await inTheMiddle(server, () => server.kill(), 451)
  const began = performance.now()

  const next = await startServerProcess(start)
  await smtp.received(1)
  await allSent()
  await next.stop()

  assert.equal(smtp.mails.length, 1)
  assert.ok(performance.now() - began < 15_000)
})

test('a server killed between the yes and its note sends twice at most, under one Message-ID', async () => {
  const server = await startServerProcess(start)
  await inTheMiddle(server, () => server.kill(), undefined)

  const next = await startServerProcess(start)
  await smtp.received(2)
  await allSent()
  await next.stop()

  assert.equal(smtp.mails.length, 2)
  assert.equal(new Set(smtp.mails.map(({ messageId }) => messageId)).size, 1)
})

test('a server that lives takes over from one that was killed', async () => {
  const victim = await startServerProcess(start)
  let survivor: ServerProcess | undefined
  const act = async () => {
    survivor = await startServerProcess(start)
    await victim.kill()
  }
  await inTheMiddle(victim, act, 451)
  await smtp.received(1)
  await allSent()
  await survivor?.stop()

  assert.equal(smtp.mails.length, 1)
})

test('two servers on one database send each mail once', async () => {
  const servers = await Promise.all([startServerProcess(start), startServerProcess(start)])
  const shop = shopClient(servers, club)
  const buy = async (index: number) => {
    const items = [{ ticket_id: event.ticketId, quantity: 1 }]
    await shop.pay(await shop.readyToPay(event.slug, items, `buyer-${index}@example.com`))
  }
  await Promise.all(Array.from({ length: 20 }, (_, index) => buy(index)))

  await smtp.received(20)
  await allSent()
  await Promise.all(servers.map((server) => server.stop()))

  const recipients = smtp.mails.map(({ to }) => [to ?? []].flat()[0]?.text)
  assert.equal(recipients.length, 20)
  assert.equal(new Set(recipients).size, 20)
})

test('a server that is stopped finishes the mail that it is handing over', async () => {
  const server = await startServerProcess(start)
  let stopped: Promise<void> | undefined
  await inTheMiddle(
    server,
    async () => {
      stopped = server.stop()
      await until(async () => /* it no longer listens */ !(await fetch(`${server.url}/healthz`).catch(() => undefined)))
    },
    undefined,
  )
  await stopped

  assert.equal(smtp.mails.length, 1)
  assert.deepEqual([...(await world.db`select from mails where status <> 'sent'`)], [])
})

test('after all connections to the database were lost mails are sent again', async () => {
  const server = await startServerProcess(start)
  await world.db`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  const shop = shopClient([server], club)
  await until(async () => (await fetch(`${server.url}/readyz`)).ok)

  await shop.pay(await shop.readyToPay(event.slug, [{ ticket_id: event.ticketId, quantity: 1 }], 'after@example.com'))
  await smtp.received(1)
  await allSent()
  await server.stop()

  assert.equal(smtp.mails.length, 1)
})

test('a server whose database was away for a while goes on by itself, and one whose database stays away stops when told', async () => {
  const road = await roadToDatabase(world.url)
  const server = await startServerProcess({ ...start, databaseUrl: road.url })
  road.close()
  await world.paidOrder(club)
  assert.equal((await fetch(`${server.url}/readyz`)).status, 503)

  await road.open()
  await smtp.received(1)
  await allSent()
  road.close()
  const began = performance.now()
  await server.stop()

  assert.equal(smtp.mails.length, 1)
  assert.ok(performance.now() - began < 15_000)
})

test('a database that goes away while a mail is handed over, and comes back, gets its note: the mail is sent once', async () => {
  const road = await roadToDatabase(world.url)
  const server = await startServerProcess({ ...start, databaseUrl: road.url })
  const act = async () => {
    road.close()
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 503)
    setTimeout(road.open, 300) // after the yes
  }
  await inTheMiddle(server, act, undefined)

  await allSent()
  await server.stop()
  road.close()

  assert.equal(smtp.mails.length, 1)
})

test('the log names a job that failed, and no address', async () => {
  smtp.manners.recipient = () => 450
  const server = await startServerProcess(start)
  await world.paidOrder(club)
  await until(async () => server.logs().includes('send_mail'))

  assert.match(server.logs(), /"job":"send_mail","attempt":1/)
  assert.doesNotMatch(server.logs(), /@example|jane/i)
  await server.stop()
  await world.db`delete from graphile_worker._private_jobs`
  await world.db`update mails set status = 'kept', ended_at = created_at where status = 'waiting'`
})

test('a job that runs again for a mail that was sent sends nothing', async () => {
  await world.paidOrder(club)
  const server = await startServerProcess(start)
  await smtp.received(1)
  await allSent()

  await world.db`
    select graphile_worker.add_job('send_mail', json_build_object('account_id', account_id, 'mail_id', id)) from mails`
  await allSent()
  await server.stop()

  assert.equal(smtp.mails.length, 1)
})
