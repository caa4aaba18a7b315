import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeSettings } from '../../server/accounts/change-settings.ts'
import { getSettings, setSetting } from '../../server/accounts/settings-command.ts'
import { ConfigError, readConfig } from '../../server/config.ts'
import { until } from '../races/queue-up.ts'
import { shopClient } from '../races/shop-client.ts'
import { startServerProcess } from '../support/server-process.ts'
import { expect } from '../support/world.ts'
import { assertBankAgrees, deliver, newsOf, openStripeWorld } from './stripe-world.ts'

/** Keys of an account's own, and of the installation. */

const secretKey = 'a-random-text-of-thirty-two-characters'
const keys = { stripe_secret_key: 'sk_test_shop', stripe_webhook_secret: 'whsec_of_the_club' }
const world = await openStripeWorld({ stripeSecretKey: undefined, stripeWebhookSecret: undefined, secretKey })

test('an account sells by Stripe with keys of its own, and its notices come to its own address', async () => {
  const sale = await world.sale()
  const checkout = await sale.begin()
  assert.equal((await sale.startPayment(checkout)).status, 422)

  const answer = expect(200, await world.send(sale.club, 'PATCH', '/admin/settings', keys))
  assert.deepEqual(
    Object.keys(keys).filter((key) => key in answer),
    [],
  )
  await world.fake.pay((await sale.startPayment(checkout)).session)

  const [payload] = (await newsOf(world, keys.stripe_webhook_secret)).slice(-1)
  assert.ok(payload)
  assert.equal(await deliver(world, payload), 404)
  assert.equal(await deliver(world, payload, '/webhooks/stripe/nobody'), 404)
  assert.equal(await deliver(world, payload, `/webhooks/stripe/${sale.club.subdomain}`), 200)
  assert.equal((await sale.orderOf(checkout))?.status, 'paid')
  await assertBankAgrees(world)
})

test("an account's news does nothing to another account's payment", async () => {
  const [sale, other] = [await world.sale(), await world.sale()]
  for (const { club } of [sale, other]) expect(200, await world.send(club, 'PATCH', '/admin/settings', keys))
  const checkout = await sale.begin()
  await world.fake.pay((await sale.startPayment(checkout)).session)

  const [payload] = (await newsOf(world, keys.stripe_webhook_secret)).slice(-1)
  assert.ok(payload)
  assert.equal(await deliver(world, payload, `/webhooks/stripe/${other.club.subdomain}`), 200)
  assert.equal(await sale.orderOf(checkout), undefined)
})

test('keys are sealed in the database, never read, checked for their form, and cleared', async () => {
  const club = await world.organizer()
  const change = (body: unknown) => world.send(club, 'PATCH', '/admin/settings', body)
  expect(200, await change(keys))
  const [row] = await world.db`select stripe_secret_key::text as sealed from accounts where id = ${club.id}`
  assert.ok(row?.sealed && !Buffer.from(row.sealed.slice(2), 'hex').includes('sk_test'))
  assert.ok(!(await world.get(club, '/admin/settings')).text.includes('sk_test'))
  await assert.rejects(getSettings(world.db, club.id, 'stripe_secret_key', 15), /never read/)

  assert.deepEqual(expect(422, await change({ stripe_secret_key: 'pk_test_x' })).errors, {
    stripe_secret_key: ['is invalid'],
  })
  const done = await setSetting(world.db, club.id, 'stripe_secret_key', undefined, world.config)
  assert.deepEqual(done, { result: { stripe_secret_key: null }, text: 'stripe_secret_key is set.' })
  const [cleared] = await world.db`select stripe_secret_key from accounts where id = ${club.id}`
  assert.equal(cleared?.stripeSecretKey, null)
})

test('without SECRET_KEY keys are refused with the cure, and nothing is changed', async () => {
  const club = await world.organizer()
  const without = { ...world.config, secretKey: undefined }
  await assert.rejects(changeSettings(world.db, club.id, { ...keys, name: 'Other' }, without), /SECRET_KEY/)
  assert.notEqual(expect(200, await world.get(club, '/admin/settings')).name, 'Other')
  await changeSettings(world.db, club.id, { stripe_secret_key: null }, without)
})

test('with another SECRET_KEY the account sells without Stripe, and the log says why', async () => {
  const sale = await world.sale()
  expect(200, await world.send(sale.club, 'PATCH', '/admin/settings', keys))
  const checkout = await sale.begin()
  const environment = { SECRET_KEY: 'another-random-text-of-thirty-two-letters', STRIPE_API_URL: world.fake.url }
  const server = await startServerProcess({ databaseUrl: world.url, environment })
  const { ask } = shopClient([server], sale.club)

  const { body } = await ask('GET', `/checkouts/${checkout}`)
  assert.deepEqual(body.payment_providers, ['test'])
  assert.equal((await ask('POST', `/checkouts/${checkout}/payment`, { provider: 'stripe' })).status, 422)
  assert.equal((await ask('POST', `/webhooks/stripe/${sale.club.subdomain}`, {})).status, 404)
  await until(async () => /sealed with another SECRET_KEY/.test(server.logs()))
  assert.match(server.logs(), new RegExp(`"account":"${sale.club.subdomain}"`))
})

test('a double of Stripe is refused in production, and secrets are not shown', () => {
  const double = { STRIPE_API_URL: 'http://localhost:4242' }
  assert.equal(readConfig(double).stripeApiUrl, 'http://localhost:4242')
  assert.throws(() => readConfig({ ...double, NODE_ENV: 'production' }), /STRIPE_API_URL/)
  const wrong = { STRIPE_SECRET_KEY: 'hush-1', STRIPE_WEBHOOK_SECRET: 'hush-2', SECRET_KEY: 'hush-3' }
  assert.throws(
    () => readConfig(wrong),
    (error) => error instanceof ConfigError && /SECRET_KEY/.test(error.message) && !/hush/.test(error.message),
  )
})
