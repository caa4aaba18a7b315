import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { de } from '../../server/shop/words/de.ts'
import { en, type Words } from '../../server/shop/words/en.ts'
import { assertBankAgrees, openStripeWorld } from '../stripe/stripe-world.ts'
import { assertAccessible, openBrowser, shopPage } from './browser.ts'

/** The way over the provider's own page and back, and money that has to go back. */

const world = await openStripeWorld({ testPayments: false })
const { visitor } = await openBrowser(world, [new URL(world.fake.url).host])

/** From the event to the last look. */
async function fillIn(page: Page, words: Words, address: string, email: string): Promise<void> {
  await page.goto(address)
  await page.getByLabel(words.quantityOf('General Admission')).fill('2')
  await page.getByRole('button', { name: words.continue }).click()
  await page.getByLabel(words.email).fill(email)
  await page.getByLabel(words.name, { exact: true }).fill('Jane Doe')
  await page.getByRole('button', { name: words.continue }).click()
}

async function payOnHostedPage(page: Page): Promise<void> {
  await page.getByLabel('Card number').fill('4242424242424242')
  await page.getByRole('button', { name: /^Pay/ }).click()
}

for (const [javaScriptEnabled, width, locale, words] of [
  [true, 360, 'de', de],
  [false, 1280, 'en', en],
] as const) {
  test(`someone pays on the provider's page, ${javaScriptEnabled ? 'with' : 'without'} scripts, and comes back to the tickets`, async () => {
    const sale = await world.sale()
    const { page, assertQuiet } = await visitor({ javaScriptEnabled, locale, viewport: { width, height: 800 } })
    await fillIn(page, words, shopPage(sale.club, `/events/${sale.slug}`), 'jane@example.com')
    await page.getByRole('button', { name: words.orderWithObligation, exact: true }).click()
    await page.waitForURL(`${world.fake.url}/**`)
    await page.getByRole('button', { name: 'Cancel' }).click()

    assert.equal(
      await page.locator('h1').innerText(),
      words.payAndOrder,
      'who turns back stands before the payment again',
    )
    await page.getByRole('button', { name: words.orderWithObligation, exact: true }).click()
    await page.waitForURL(`${world.fake.url}/**`)
    await payOnHostedPage(page)

    assert.equal(await page.locator('h1').innerText(), words.thankYou)
    await assertBankAgrees(world)
    assertQuiet()
  })
}

test('money that came when the places were gone goes back, and the page says so', async () => {
  const sale = await world.sale({ stock: 2 })
  const { page, assertQuiet } = await visitor({ locale: 'de' })
  await fillIn(page, de, shopPage(sale.club, `/events/${sale.slug}`), 'late@example.com')
  await page.getByRole('button', { name: de.orderWithObligation, exact: true }).click()
  await page.waitForURL(`${world.fake.url}/**`)
  await world.pass(20 * 60)
  const early = await sale.begin('early@example.com')
  await world.fake.pay((await sale.startPayment(early)).session)
  await sale.comeBack(early)

  await payOnHostedPage(page)

  const alert = await page.getByRole('alert').innerText()
  assert.match(alert, new RegExp(de.moneyBack))
  assert.match(alert, new RegExp(de.moneyBackPlaces))
  await assertAccessible(page)
  await page.getByRole('button', { name: de.orderWithObligation, exact: true }).click()
  assert.match(await page.getByRole('alert').first().innerText(), new RegExp(de.moneyBack))
  await assertBankAgrees(world)
  assertQuiet()
})

test('a shop that can take no payment says so before anything is asked for', async () => {
  const poor = await openStripeWorldWithout()
  assert.match(poor, new RegExp(en.nobodyToPay))
})

/** The last look in a shop without any way to pay. */
async function openStripeWorldWithout(): Promise<string> {
  const sale = await world.sale()
  world.config.stripeSecretKey = undefined
  const { page } = await visitor()
  await fillIn(page, en, shopPage(sale.club, `/events/${sale.slug}`), 'jane@example.com')
  await assertAccessible(page)
  assert.equal(await page.getByRole('button', { name: en.orderWithObligation }).count(), 0)
  world.config.stripeSecretKey = 'sk_test_shop'
  return page.locator('main').innerText()
}
