import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOf } from '../../server/shop/words/words.ts'
import { expect, openWorld } from '../support/world.ts'
import { assertAccessible, openBrowser, shopPage } from './browser.ts'

/** A ticket is bought with the test provider: with and without scripts, on a phone and a desk, in both languages. */

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club, { title: 'Spring Showcase', taxRate: '7.0', maxPerOrder: 6 })
expect(
  200,
  await world.send(club, 'PATCH', '/admin/settings', {
    imprint: 'Club\nStreet 1\n10115 Berlin',
    terms_url: 'https://club.example/terms',
    privacy_url: 'https://club.example/privacy',
  }),
)
expect(
  200,
  await world.send(club, 'PATCH', `/admin/events/${slug}`, {
    description: '<p>Our <strong>annual</strong> event.</p>',
    attendee_note: 'Bring warm clothes.',
    faq: [{ question: 'Is there a cloakroom?', answer: 'Yes, it costs nothing.' }],
  }),
)
const { visitor } = await openBrowser(world)

for (const javaScriptEnabled of [true, false]) {
  for (const width of [360, 1280]) {
    for (const locale of ['en', 'de'] as const) {
      test(`someone buys two tickets: ${javaScriptEnabled ? 'with' : 'without'} scripts, ${width} px, ${locale}`, async () => {
        const colorScheme = width === 360 ? 'dark' : 'light'
        const { page, assertQuiet } = await visitor({
          ...{ javaScriptEnabled, locale, colorScheme },
          viewport: { width, height: 800 },
        })
        const words = wordsOf[locale]
        // Every page and state twice is enough: on a phone and at a desk, dark and light, in each language.
        const isExamined = javaScriptEnabled && (width === 360) === (locale === 'en')
        const check = () => (isExamined ? assertAccessible(page) : undefined)

        await page.goto(shopPage(club, '/?utm_source=poster&ref=wall'))
        assert.equal(await page.getAttribute('html', 'lang'), locale)
        await check()
        await page.getByRole('link', { name: 'Spring Showcase' }).click()
        await check()
        await page.getByLabel(words.quantityOf('General Admission')).selectOption('2')
        await page.getByRole('button', { name: words.continue }).click()
        await check()
        assert.equal(await page.getByRole('checkbox').isChecked(), false)

        await page.getByLabel(words.email).fill('nobody')
        await page.getByLabel(words.name, { exact: true }).fill('Jane Doe')
        await page.getByRole('button', { name: words.continue }).click()
        await check()
        assert.equal(await page.locator('#problem-email').innerText(), words.errorEmail)
        assert.equal(await page.getByLabel(words.name, { exact: true }).inputValue(), 'Jane Doe')
        await page.getByLabel(words.email).fill('jane@example.com')
        await page.getByRole('checkbox').check()
        await page.getByRole('button', { name: words.continue }).click()
        await check()

        await page.getByLabel(words.testOutcome).selectOption('decline')
        await page.getByRole('button', { name: words.orderWithObligation, exact: true }).click()
        await check()
        assert.match(await page.getByRole('alert').innerText(), new RegExp(words.errorDeclined))
        await page.getByRole('button', { name: words.orderWithObligation, exact: true }).click()
        await check()

        assert.equal(await page.locator('h1').innerText(), words.thankYou)
        await page.getByLabel(words.attendee).first().fill('Ann')
        await page.getByRole('button', { name: words.saveNames }).click()
        await check()
        assert.equal(await page.getByLabel(words.attendee).first().inputValue(), 'Ann')
        await page.getByRole('button', { name: words.withdraw }).click()
        await check()
        assert.equal(await page.getByRole('status').innerText(), words.withdrawn)

        const { orders } = expect(200, await world.get(club, '/admin/orders?period=all_time&limit=1'))
        assert.deepEqual([orders[0].attribution, orders[0].item_count], [{ utm_source: 'poster', ref: 'wall' }, 2])
        assertQuiet()
      })
    }
  }
}
