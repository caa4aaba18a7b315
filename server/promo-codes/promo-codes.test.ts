import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, openWorld } from '../../test/support/world.ts'

const world = await openWorld()
const tenPercent = { code: 'EARLY-10', discount_type: 'percentage', discount_amount: '10' }

test('a code is made, read, changed and deleted; its spelling is free again then', async () => {
  const club = await world.organizer()
  const made = await world.send(club, 'POST', '/admin/promo_codes', {
    promo_code: { ...tenPercent, code: ' early-10 ' },
  })
  const code = expect(201, made)

  assert.deepEqual(code, {
    id: code.id,
    code: 'EARLY-10',
    discount_type: 'percentage',
    discount_amount: '10.0',
    event_id: null,
    event_title: null,
    expires_at: null,
    usage_limit: null,
    max_per_customer: null,
    redemptions_count: 0,
    active: true,
    share_url: `http://${club.subdomain}.foyer.test/events?promo=EARLY-10`,
    created_at: '2026-04-22T12:34:50Z',
    updated_at: '2026-04-22T12:34:50Z',
  })
  assert.equal(made.headers.location, `/admin/promo_codes/${code.id}.json`)
  const path = `/admin/promo_codes/${code.id}`
  world.setTime('2026-04-22T13:00:00Z')
  const changes = { discount_type: 'fixed', discount_amount: '2.50', usage_limit: 5, active: false }
  const changed = { ...code, ...changes, updated_at: '2026-04-22T13:00:00Z' }
  assert.deepEqual(expect(200, await world.send(club, 'PATCH', path, changes)), changed)
  assert.deepEqual(expect(200, await world.get(club, path)), changed)
  assert.equal((await world.send(club, 'POST', '/admin/promo_codes', tenPercent)).status, 422)
  expect(204, await world.send(club, 'DELETE', path))
  for (const answer of [
    await world.get(club, path),
    await world.send(club, 'PATCH', path, {}),
    await world.send(club, 'DELETE', path),
  ])
    assert.equal(answer.status, 404)
  expect(201, await world.send(club, 'POST', '/admin/promo_codes', tenPercent))
  world.setTime('2026-04-22T12:34:50Z')
})

test('the list is complete and newest first, each account its own', async () => {
  const club = await world.organizer()
  for (const code of ['ONE', 'TWO', 'THREE'])
    expect(201, await world.send(club, 'POST', '/admin/promo_codes', { ...tenPercent, code }))
  const other = await world.organizer()
  expect(201, await world.send(other, 'POST', '/admin/promo_codes', { ...tenPercent, code: 'ONE' }))

  const { promo_codes: codes } = expect(200, await world.get(club, '/admin/promo_codes'))

  assert.deepEqual(
    codes.map(({ code }: { code: string }) => code),
    ['THREE', 'TWO', 'ONE'],
  )
})

test("a code for one event leads to its page, and its times are the venue's", async () => {
  const club = await world.organizer()
  const { id, slug } = await world.event(club)
  const bound = { ...tenPercent, discount_amount: '12.25', event_id: id, expires_at: '2026-05-01 18:00' }
  const code = expect(201, await world.send(club, 'POST', '/admin/promo_codes', bound))

  assert.deepEqual(
    [code.event_id, code.event_title, code.expires_at, code.discount_amount, code.share_url],
    [
      id,
      'Spring Showcase',
      '2026-05-01T16:00:00Z',
      '12.25',
      `http://${club.subdomain}.foyer.test/events/${slug}?promo=EARLY-10`,
    ],
  )
  const cleared = { event_id: null, expires_at: '', usage_limit: '' }
  const free = expect(200, await world.send(club, 'PATCH', `/admin/promo_codes/${code.id}`, cleared))
  assert.deepEqual([free.event_id, free.expires_at, free.usage_limit], [null, null, null])
})

for (const [field, value, message] of [
  ['code', 'AB', 'is invalid'],
  ['code', 'GRÜN', 'is invalid'],
  ['code', 'A B C', 'is invalid'],
  ['code', 'X'.repeat(33), 'is invalid'],
  ['code', ' ', "can't be blank"],
  ['discount_type', 'half', 'is not included in the list'],
  ['discount_amount', '0', 'must be greater than 0'],
  ['discount_amount', '100.01', 'must be less than or equal to 100'],
  ['discount_amount', '-1', 'is not a number'],
  ['discount_amount', '1.234', 'is not a number'],
  ['discount_amount', '', "can't be blank"],
  ['expires_at', 'soon', 'is invalid'],
  ['event_id', 2147483647, 'must exist'],
] as const) {
  test(`${field} ${JSON.stringify(value)} ${message}`, async () => {
    const club = await world.organizer()
    const answer = await world.send(club, 'POST', '/admin/promo_codes', { ...tenPercent, [field]: value })
    assert.deepEqual([answer.status, answer.body.errors], [422, { [field]: [message] }])
  })
}

test('limits are whole numbers from 1, a fixed discount has the decimals of the currency', async () => {
  const club = await world.organizer({ currency: 'JPY' })
  const fixed = { code: 'YEN', discount_type: 'fixed', discount_amount: '500' }
  for (const [changes, field] of [
    [{ usage_limit: 0 }, 'usage_limit'],
    [{ max_per_customer: 1.5 }, 'max_per_customer'],
    [{ discount_amount: '5.00' }, 'discount_amount'],
    [{ discount_amount: 500 }, 'discount_amount'],
  ] as const) {
    const answer = await world.send(club, 'POST', '/admin/promo_codes', { ...fixed, ...changes })
    assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, [field]])
  }
  assert.equal(expect(201, await world.send(club, 'POST', '/admin/promo_codes', fixed)).discount_amount, '500')
})

test("another account's event can't be named", async () => {
  const club = await world.organizer()
  const { id } = await world.event(await world.organizer())
  const answer = await world.send(club, 'POST', '/admin/promo_codes', { ...tenPercent, event_id: id })
  assert.deepEqual(answer.body, { errors: { event_id: ['must exist'] } })
})
