import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from '../../server/doctor/checks.ts'
import { examineIn } from '../../server/doctor/examine.ts'
import { type RunningServer, startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin, weakenFunction } from '../support/twin.ts'
import { expect, type Organizer, openWorld } from '../support/world.ts'
import { type ShopClient, shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const servers = await Promise.all([startServerProcess(start), startServerHere(start)])
const file = 'server/promo-codes/queries.ts'
// biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
const lock = 'from promo_codes where account_id = ${accountId} and id = ${id} for no key update'

test('of forty who type a code for five at once five get it, and pay', async () => {
  const { club, codeId, shop, begun } = await typeAtOnce(servers)
  assert.equal(begun.length, 5)

  const paid = await Promise.all(begun.map((checkout) => payAs(shop, checkout, `${checkout}@example.com`)))

  assert.deepEqual(paid, Array(5).fill(200))
  assert.equal(await redemptionsOf(club, codeId), 5)
  assert.deepEqual(await brokenPromises(), [])
})

test('a customer who may use a code once pays with it once, in however many checkouts at once', async () => {
  const { club, codeId, paid } = await payAtOnceAsOne(servers)

  assert.deepEqual(
    paid.filter((status) => status === 200),
    [200],
  )
  assert.equal(await redemptionsOf(club, codeId), 1)
  assert.deepEqual(await brokenPromises(), [])
})

test('uses are exact while people pay, cancel and refund at once', async () => {
  const { club, codeId, slug, ticketId, shop } = await openSale(servers, { usage_limit: 20 })
  const buyer = async (n: number) => {
    for (let turn = 0; turn < 3; turn++) {
      const begun = await begin(shop, slug, ticketId)
      if (begun.status !== 201) continue
      const id: string = begun.body.public_id
      await shop.setBuyer(id, `buyer-${n}@example.com`)
      const { status, body } = await shop.pay(id)
      if (status !== 200) continue
      const act = turn === 1 ? 'cancellation' : 'refund'
      if (turn < 2) await shop.ask('POST', `/admin/orders/${body.order.public_id}/${act}`)
    }
  }
  await Promise.all(Array.from({ length: 24 }, (_, n) => buyer(n)))

  const [{ standing }] = await world.db<[{ standing: number }]>`
    select count(*)::integer as standing from orders
    where account_id = ${club.id} and promo_code_id = ${codeId} and cancelled_at is null and refunded_minor < total_minor`
  assert.equal(await redemptionsOf(club, codeId), standing)
  assert.ok(standing > 0 && standing <= 20)
  assert.deepEqual(await brokenPromises(), [])
})

test('where the code is not locked, more than five get it', async () => {
  const twin = [
    await startServerHere({
      ...start,
      root: await makeTwin({ file, guard: lock, instead: lock.replace(' for no key update', '') }),
    }),
  ]

  assert.ok((await typeAtOnce(twin)).begun.length > 5)
})

test('where the limit for a customer is not asked for again at the end, it is exceeded', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  const guard = 'if (exceeded) throw conflict(`The promo code ${exceeded}`)'
  const root = await makeTwin({ file: 'server/checkout/use-promo-code.ts', guard, instead: '' })

  const { paid } = await payAtOnceAsOne([await startServerHere({ ...start, root })])

  assert.ok(paid.filter((status) => status === 200).length > 1)
})

test('where the trigger does not count, the doctor says so', async () => {
  const restore = await weakenFunction(world.db, 'tally_redemptions', 'sum(n)::integer as uses', '0 as uses')
  const { club, slug, ticketId, shop } = await openSale(servers, {})
  const { body } = await begin(shop, slug, ticketId)
  await shop.setBuyer(body.public_id, 'jane@example.com')
  const { order } = (await shop.pay(body.public_id)).body
  expect(200, await world.send(club, 'POST', `/admin/orders/${order.public_id}/cancellation`))
  await restore()

  assert.deepEqual(await brokenPromises(), [
    'A promo code counts the orders that used it and stand, never more than its limit',
  ])
})

async function openSale(at: RunningServer[], limits: object) {
  const club = await world.organizer()
  const { slug, ticketId } = await world.event(club)
  const code = { code: 'TEN', discount_type: 'percentage', discount_amount: '10', ...limits }
  const { id: codeId } = expect(201, await world.send(club, 'POST', '/admin/promo_codes', code))
  return { club, slug, ticketId, codeId: codeId as number, shop: shopClient(at, club) } // as the contract has it
}

function begin(shop: ShopClient, slug: string, ticketId: number) {
  return shop.ask('POST', '/checkouts', {
    event_slug: slug,
    items: [{ ticket_id: ticketId, quantity: 1 }],
    promo_code: 'TEN',
  })
}

async function payAs(shop: ShopClient, checkout: string, email: string): Promise<number> {
  await shop.setBuyer(checkout, email)
  return (await shop.pay(checkout)).status
}

/** Half of them open a checkout with the code, half type it into one that they have. */
async function typeAtOnce(at: RunningServer[]) {
  const sale = await openSale(at, { usage_limit: 5 })
  const { shop, slug, ticketId } = sale
  const items = [{ ticket_id: ticketId, quantity: 1 }]
  const open = await Promise.all(Array.from({ length: 20 }, async () => (await shop.begin(slug, items)).body.public_id))
  const answers = await Promise.all([
    ...open.map((id) => shop.ask('PATCH', `/checkouts/${id}`, { promo_code: 'TEN' })),
    ...open.map(() => begin(shop, slug, ticketId)),
  ])
  const refused = answers.filter(({ status }) => status !== 200 && status !== 201)
  for (const { status, body } of refused)
    assert.deepEqual([status, body], [422, { errors: { promo_code: ['is used up'] } }])
  const begun = answers.filter((answer) => !refused.includes(answer)).map(({ body }): string => body.public_id)
  return { ...sale, begun }
}

async function payAtOnceAsOne(at: RunningServer[]) {
  const sale = await openSale(at, { max_per_customer: 1 })
  const { shop, slug, ticketId } = sale
  const begun = await Promise.all(Array.from({ length: 12 }, () => begin(shop, slug, ticketId)))
  const ids = begun.map(({ body }): string => body.public_id)
  await Promise.all(ids.map((id) => shop.setBuyer(id, 'jane@example.com')))
  const paid = await Promise.all(ids.map(async (id) => (await shop.pay(id)).status))
  return { ...sale, paid }
}

async function redemptionsOf(club: Organizer, codeId: number): Promise<number> {
  return expect(200, await world.get(club, `/admin/promo_codes/${codeId}`)).redemptions_count
}

async function brokenPromises(): Promise<string[]> {
  const report = await world.db.begin((tx) => examineIn(tx, world.now(), checks))
  return report.checks.filter(({ ok }) => !ok).map(({ name }) => name)
}
