import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld({ secretKey: 'a-random-text-of-thirty-two-characters' })
const club = await world.organizer()
const other = await world.organizer()
const read = async () => expect(200, await world.get(club, '/admin/settings'))
const change = (body: unknown) => world.send(club, 'PATCH', '/admin/settings', body)
const initial = {
  name: `Club ${club.subdomain}`,
  time_zone: 'Europe/Berlin',
  locale: 'en',
  imprint: null,
  vat_id: null,
  terms_url: null,
  privacy_url: null,
  consent_text: { en: null, de: null },
  hold_minutes: 15,
  frame_origins: [],
}

test('a new account has these settings', async () => {
  assert.deepEqual(await read(), initial)
})

test('what is written is read again, flat or wrapped, and another account is untouched', async () => {
  const wanted = {
    name: 'Klub Ärger',
    time_zone: 'Asia/Kathmandu',
    locale: 'de',
    imprint: 'Klub GmbH\nStraße 1',
    vat_id: 'DE123456789',
    terms_url: 'https://club.example/terms',
    privacy_url: 'https://club.example/privacy?x=1',
    consent_text: { en: 'Send me news', de: 'Schickt mir Neues' },
    hold_minutes: 7.5,
    frame_origins: ['https://club.example', 'http://localhost:8080'],
  }
  assert.deepEqual(expect(200, await change(wanted)), wanted)
  assert.deepEqual(await read(), wanted)
  assert.deepEqual(expect(200, await change({ settings: { name: 'Club' } })), { ...wanted, name: 'Club' })
  assert.equal(expect(200, await world.get(other, '/admin/settings')).time_zone, 'Europe/Berlin')
  const { account } = expect(200, await world.get(club, '/admin/identity'))
  assert.deepEqual([account.name, account.time_zone], ['Club', 'Asia/Kathmandu'])
})

test('a change of one consent text leaves the other', async () => {
  expect(200, await change({ consent_text: { en: 'A', de: 'B' } }))
  assert.deepEqual(expect(200, await change({ consent_text: { en: 'C' } })).consent_text, { en: 'C', de: 'B' })
  assert.deepEqual(expect(200, await change({ consent_text: { de: '' } })).consent_text, { en: 'C', de: null })
})

for (const empty of ['', null]) {
  test(`${JSON.stringify(empty)} clears every optional setting`, async () => {
    expect(
      200,
      await change({
        imprint: 'x',
        vat_id: 'x',
        terms_url: 'https://x.example',
        privacy_url: 'https://x.example',
        hold_minutes: 5,
      }),
    )
    for (const field of ['imprint', 'vat_id', 'terms_url', 'privacy_url']) {
      assert.equal(expect(200, await change({ [field]: empty }))[field], null, field)
    }
    assert.equal(expect(200, await change({ hold_minutes: empty })).hold_minutes, 15)
  })
}

test('a setting that can not be so is 422 on its field, and nothing changes', async () => {
  const before = await read()
  const bad: [string, unknown, string][] = [
    ['name', '', "can't be blank"],
    ['name', '  ', "can't be blank"],
    ['time_zone', 'Mars/Olympus', 'is not a time zone such as Europe/Berlin'],
    ['locale', 'fr', 'is not included in the list'],
    ['terms_url', 'javascript:alert(1)', 'is invalid'],
    ['privacy_url', 'club.example', 'is invalid'],
    ['hold_minutes', 0, 'must be between 0.001 and 1440'],
    ['hold_minutes', 1441, 'must be between 0.001 and 1440'],
    ['hold_minutes', '15', 'is not a number'],
    ['frame_origins', 'https://x.example', 'is invalid'],
    ['frame_origins', ['https://x.example/path'], 'must be origins such as https://example.com'],
    ['frame_origins', ['*'], 'must be origins such as https://example.com'],
  ]
  for (const [field, value, message] of bad) {
    const body = expect(422, await change({ [field]: value, vat_id: 'DE1' }))
    assert.deepEqual(body, { errors: { [field]: [message] } }, `${field} ${JSON.stringify(value)}`)
  }
  assert.deepEqual(await read(), before)
})

test("the names of Rails' zones are understood and read as IANA names", async () => {
  assert.equal(expect(200, await change({ time_zone: 'Berlin' })).time_zone, 'Europe/Berlin')
  assert.equal(expect(200, await change({ time_zone: 'Kathmandu' })).time_zone, 'Asia/Kathmandu')
})

test('hold_minutes of the account is how long a checkout holds its places', async () => {
  expect(200, await change({ hold_minutes: 1.5 }))
  const { slug, ticketId } = await world.event(club)
  const checkout = expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }),
  )
  assert.equal(checkout.expires_at, '2026-04-22T12:36:20Z')
})

test('changing the time zone reads every period anew', async () => {
  const night = await world.organizer()
  await world.paidOrder(night, { at: '2026-04-21T22:30:00Z' }) // 00:30 on the 22nd in Berlin
  world.setTime('2026-04-22T12:34:50Z')
  const today = async () =>
    expect(200, await world.get(night, '/admin/customers?period=today&limit=1')).stats.customer_count
  assert.equal(await today(), 1)
  expect(200, await world.send(night, 'PATCH', '/admin/settings', { time_zone: 'UTC' }))
  assert.equal(await today(), 0)
  expect(200, await world.send(night, 'PATCH', '/admin/settings', { time_zone: 'Europe/Berlin' }))
  assert.equal(await today(), 1)
})

test('account_settings/shop says where the shop is', async () => {
  const { shop_url } = expect(200, await world.get(other, '/admin/account_settings/shop'))
  assert.equal(shop_url, `http://${other.subdomain}.foyer.test`)
})

test('the keys of the payment provider can be written and are never read', async () => {
  const keys = { stripe_secret_key: 'sk_test_canary', stripe_webhook_secret: 'whsec_canary' }
  const changed = await change(keys)
  assert.equal(changed.status, 200)
  assert.ok(!changed.text.includes('canary'))
  assert.ok(!(await world.get(club, '/admin/settings')).text.includes('canary'))
  const [row] = await world.db`
    select stripe_secret_key is not null as is_kept, to_jsonb(a)::text like '%canary%' as is_legible
    from accounts a where id = ${club.id}`
  assert.deepEqual(row, { isKept: true, isLegible: false })
})
