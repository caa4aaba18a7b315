import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildApp } from '../../server/app.ts'
import type { Config } from '../../server/config.ts'
import { type Asked, ask, bearer, json } from '../matrix/ask.ts'
import { allOn } from '../support/pools.ts'
import { openWorld, type World } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const other = await world.organizer()
const shop = { host: `${club.subdomain}.foyer.test`, accept: 'application/json' }

/** The same installation behind a door of its own, so that each test counts from zero. */
async function withDoor(settings: Partial<Config>, act: (limited: World) => Promise<void>): Promise<void> {
  const config = { ...world.config, ...settings }
  const { log } = world.app
  const app = await buildApp({
    ...allOn(world.db),
    clock: world.now,
    config,
    log,
    isReady: () => true,
  })
  try {
    await act({ ...world, app })
  } finally {
    await app.close()
  }
}

async function statuses(count: number, request: () => Promise<Asked>): Promise<number[]> {
  const found: number[] = []
  for (let n = 0; n < count; n++) found.push((await request()).status)
  return found
}

function assertTooMany(answer: Asked): void {
  assert.equal(answer.status, 429)
  assert.match(String(answer.headers['retry-after']), /^[1-9]\d?$/)
  assert.ok(Number(answer.headers['retry-after']) <= 60)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  const body = answer.json() as { error: string } // asserted next
  assert.deepEqual(Object.keys(body), ['error'])
  assert.equal(typeof body.error, 'string')
}

test('a token may ask so often a minute, whatever it asks for; then 429 says when to come back', async () => {
  await withDoor({ rateLimit: 3 }, async (limited) => {
    const paths = ['/admin/customers', '/admin/events', '/admin/identity', '/admin/orders']
    const found = await Promise.all(paths.map((path) => ask(limited, 'GET', path, bearer(club.readToken))))
    assert.deepEqual(found.map(({ status }) => status).sort(), [200, 200, 200, 429])
    assertTooMany(await ask(limited, 'GET', '/admin/customers', bearer(club.readToken)))
    assertTooMany(await ask(limited, 'POST', '/admin/venues', bearer(club.readToken), {}))
    assertTooMany(await ask(limited, 'PUT', '/admin/venues', bearer(club.readToken)))
  })
})

test("one token's flood is not another's, from the same address, nor the shop's", async () => {
  await withDoor({ rateLimit: 2 }, async (limited) => {
    assert.deepEqual(
      await statuses(3, () => ask(limited, 'GET', '/admin/identity', bearer(club.readToken))),
      [200, 200, 429],
    )
    assert.equal((await ask(limited, 'GET', '/admin/identity', bearer(club.writeToken))).status, 200)
    assert.equal((await ask(limited, 'GET', '/admin/identity', bearer(other.readToken))).status, 200)
    assert.equal((await ask(limited, 'GET', '/events', shop)).status, 200)
  })
})

test('an address may ask the shop so often a minute, all its pages together', async () => {
  await withDoor({ rateLimit: 3 }, async (limited) => {
    const paths = ['/events', '/events/nothing', '/checkouts/nothing']
    assert.deepEqual(
      (await Promise.all(paths.map((path) => ask(limited, 'GET', path, shop)))).map(({ status }) => status),
      [200, 404, 404],
    )
    assertTooMany(await ask(limited, 'GET', '/events', shop))
    assertTooMany(await ask(limited, 'POST', '/checkouts', shop, {}))
    assertTooMany(await ask(limited, 'GET', '/nothing', shop))
    assert.equal((await ask(limited, 'GET', '/admin/identity', bearer(club.readToken))).status, 200)
  })
})

test('a person is told on a page of the shop', async () => {
  await withDoor({ rateLimit: 1 }, async (limited) => {
    const browser = { ...shop, accept: 'text/html', 'accept-language': 'de' }
    assert.equal((await ask(limited, 'GET', '/events', browser)).status, 200)
    for (const path of ['/events', '/nothing']) {
      const answer = await ask(limited, 'GET', path, browser)
      assert.equal(answer.status, 429)
      assert.match(String(answer.headers['retry-after']), /^\d+$/)
      assert.match(answer.text, /<h1>Zu viele Anfragen<\/h1>/)
    }
  })
})

test('who tries tokens is counted by address', async () => {
  await withDoor({ rateLimit: 3 }, async (limited) => {
    let n = 0
    const guess = () => ask(limited, 'GET', '/admin/identity', bearer(`foyer_${n++}`))
    assert.deepEqual(await statuses(4, guess), [401, 401, 401, 429])
    assertTooMany(await ask(limited, 'GET', '/admin/customers', json))
    assert.equal((await ask(limited, 'GET', '/admin/identity', bearer(club.readToken))).status, 200)
  })
})

test('the probes are never refused', async () => {
  await withDoor({ rateLimit: 1 }, async (limited) => {
    for (const path of ['/healthz', '/readyz'])
      assert.deepEqual(await statuses(5, () => ask(limited, 'GET', path, {})), [200, 200, 200, 200, 200])
  })
})

test('a client behind a trusted proxy is counted by its own address, a liar by the one it has', async () => {
  const from = (address: string) => ({ ...shop, 'x-forwarded-for': address })
  await withDoor({ rateLimit: 1, trustProxy: ['127.0.0.1'] }, async (limited) => {
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.1'))).status, 200)
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.2'))).status, 200)
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.1'))).status, 429)
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.99, 192.0.2.1'))).status, 429)
  })
  await withDoor({ rateLimit: 1, trustProxy: [] }, async (limited) => {
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.1'))).status, 200)
    assert.equal((await ask(limited, 'GET', '/events', from('192.0.2.2'))).status, 429)
  })
})

test('off is off', async () => {
  await withDoor({ rateLimit: 'off' }, async (limited) => {
    assert.deepEqual(
      new Set(await statuses(50, () => ask(limited, 'GET', '/admin/identity', bearer(club.readToken)))),
      new Set([200]),
    )
    assert.deepEqual(new Set(await statuses(50, () => ask(limited, 'GET', '/events', shop))), new Set([200]))
  })
})
