import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { buildApp } from '../../server/app.ts'
import { ask, bearer } from '../matrix/ask.ts'
import { allOn } from '../support/pools.ts'
import { openWorld, type World } from '../support/world.ts'

const plain = await openWorld()
const lines: string[] = []
const log = pino(
  { level: 'trace' },
  new Writable({ write: (chunk, _encoding, done) => done(lines.push(String(chunk)) ? null : null) }),
)
const app = await buildApp({
  ...allOn(plain.db),
  clock: plain.now,
  config: plain.config,
  log,
  isReady: () => true,
})
after(() => app.close())
const world: World = { ...plain, app }
const club = await plain.organizer()
const shop = { host: `${club.subdomain}.foyer.test` }
const { slug, ticketId } = await plain.event(club)
const canaries = [
  'canary.mail',
  'Canaryname',
  'Canaryfirm',
  '49301234567',
  'Canarynote',
  'Canarysearch',
  '203.0.113.77',
]

/** Everything a buyer and an organiser do, with words that must not be found in the log. */
async function doEverything(): Promise<number[]> {
  const from = { 'x-forwarded-for': '203.0.113.77', 'user-agent': 'Canaryname', referer: 'https://canary.mail/' }
  const headers = { ...bearer(club.writeToken), ...from }
  const buyer = { email: 'jane@canary.mail', name: 'Canaryname', company: 'Canaryfirm', phone: '+49301234567' }
  const made = await ask(
    world,
    'POST',
    '/checkouts',
    { ...shop, ...from },
    { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }], attribution: { ref: 'Canarynote' } },
  )
  const { public_id: id } = made.json() as { public_id: string }
  const answers = [
    made,
    await ask(world, 'PATCH', `/checkouts/${id}`, shop, { buyer }),
    await ask(world, 'PATCH', `/checkouts/${id}`, shop, { buyer: { email: 'not an address Canaryname' } }),
    await ask(world, 'POST', `/checkouts/${id}/payment`, shop, { provider: 'test', outcome: 'decline' }),
    await ask(world, 'POST', `/checkouts/${id}/payment`, shop, { provider: 'test', outcome: 'succeed' }),
    await ask(world, 'GET', '/admin/customers?query=Canarysearch+jane%40canary.mail', headers),
    await ask(world, 'GET', '/admin/orders?limit=0&query=Canarysearch', headers),
    await ask(world, 'GET', '/admin/orders/Canarysearch', headers),
    await ask(world, 'GET', '/admin/Canarysearch', headers),
    await ask(world, 'GET', '/Canarysearch?email=jane%40canary.mail', from),
    await ask(world, 'GET', '/admin/events/Canarysearch%zz', headers),
    await ask(world, 'PATCH', '/admin/customers/1', headers, { name: 'Canaryname', phone: '+49301234567' }),
    await ask(world, 'PATCH', '/admin/customers/1', headers, '{"name": "Canaryname'),
    await ask(world, 'PATCH', '/admin/customers/1', { ...headers, 'content-type': 'text/x' }, 'Canaryname'),
    await ask(
      world,
      'POST',
      '/admin/events',
      { ...headers, 'idempotency-key': 'Canarysearch' },
      { title: 'Canarynote' },
    ),
    await ask(world, 'GET', '/admin/identity', bearer('foyer_Canarysearch')),
  ]
  return answers.map(({ status }) => status)
}

test('the log holds no e-mail, name, company, phone, search, address or token, whatever is asked and answered', async () => {
  const found = await doEverything()
  assert.deepEqual(found, [201, 200, 422, 422, 200, 200, 422, 404, 404, 404, 400, 200, 400, 415, 422, 401])
  assert.ok(lines.length >= found.length - 1, 'every request leaves a line')
  const text = lines.join('')
  for (const canary of [...canaries, club.writeToken, club.readToken, club.writeToken.slice(10, 30), 'Bearer']) {
    assert.ok(!text.includes(canary), `${canary} is in the log: ${lines.find((line) => line.includes(canary))}`)
  }
})

test('a line says which request it was about: id, method, route as a pattern, status, milliseconds', async () => {
  lines.length = 0
  const answer = await ask(world, 'GET', `/admin/events/${slug}?x=1`, bearer(club.readToken))
  const line = JSON.parse(lines.at(-1) ?? '{}')
  assert.equal(line.id ?? line.reqId, answer.headers['x-request-id'])
  assert.deepEqual(
    [line.method, line.route, line.status, typeof line.ms],
    ['GET', '/admin/events/:slug', 200, 'number'],
  )
})

test('a bug is a bare 500, and the log has it under the id of the answer, without the row that broke', async () => {
  const secret = 'Canaryrow'
  await plain.db`alter table venues add constraint no_canary check (name <> ${plain.db.unsafe(`'${secret}'`)})`
  lines.length = 0
  const answer = await ask(world, 'POST', '/admin/venues', bearer(club.writeToken), {
    name: secret,
    address: 'Canarystreet',
    city: 'x',
    postal_code: 'y',
  })
  assert.deepEqual([answer.status, answer.text], [500, '{"error":"Internal server error"}'])
  const id = String(answer.headers['x-request-id'])
  const bug = lines.find((line) => line.includes('no_canary'))
  assert.ok(bug, `the log says nothing of the bug: ${lines.join('')}`)
  assert.ok(bug.includes(id))
  for (const canary of [secret, 'Canarystreet']) assert.ok(!lines.join('').includes(canary), `${canary} is in the log`)
})

test('a value that the database chokes on is not in the log either', async () => {
  await plain.db.unsafe(`create function choke() returns trigger language plpgsql as $$ begin
    raise exception 'can''t take %', new.name; end $$;
    create trigger choke before insert on venues for each row execute function choke()`)
  lines.length = 0
  const answer = await ask(world, 'POST', '/admin/venues', bearer(club.writeToken), {
    name: 'Canaryvalue',
    address: 'a',
    city: 'x',
    postal_code: 'y',
  })
  assert.deepEqual([answer.status, answer.text], [500, '{"error":"Internal server error"}'])
  assert.ok(
    lines.some((line) => line.includes(String(answer.headers['x-request-id'])) && line.includes('P0001')),
    'the bug is logged by its code',
  )
  assert.ok(!lines.join('').includes('Canaryvalue'), 'the value is in the log')
})
