import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { en } from '../../server/shop/words/en.ts'
import { expect, openWorld } from '../support/world.ts'
import { openBrowser, shopPage } from './browser.ts'

/** The example page of docs/shop.md on another site: in a frame where the organiser allows it, else in a new tab. */

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club, { title: 'Spring Showcase', maxPerOrder: 4 })
const partner = 'http://partner.example'
const { visitor } = await openBrowser(world, ['partner.example'])
const example = readFileSync(new URL('../../docs/widget-example.html', import.meta.url), 'utf8')
  .replaceAll('https://my-club.tickets.example.com', shopPage(club, ''))
  .replaceAll('spring-showcase', slug)

async function onPartnersSite(javaScriptEnabled = true) {
  const someone = await visitor({ javaScriptEnabled })
  await someone.context.route(`${partner}/`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      // As strict as a site may be that loads the widget at all.
      headers: {
        'content-security-policy': `default-src 'none'; script-src ${shopPage(club, '')}; frame-src ${shopPage(club, '')}`,
      },
      body: example,
    }),
  )
  const loaded = someone.page
    .waitForResponse((response) => response.url().endsWith('/widget.js'))
    .catch(() => undefined)
  await someone.page.goto(partner)
  if (javaScriptEnabled) await loaded
  return someone
}

test('where the site is not allowed, the checkout opens in a new tab', async () => {
  const { page, context, assertQuiet } = await onPartnersSite()
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Tickets for the Spring Showcase' }).click(),
  ])
  await tab.getByRole('button', { name: en.continue }).waitFor()
  assert.equal(new URL(page.url()).origin, partner)
  assertQuiet()
})

test('where it is allowed, tickets and details are asked for in a frame, and the payment at top level', async () => {
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { frame_origins: [partner] }))
  const { page, assertQuiet } = await onPartnersSite()
  await page.getByRole('link', { name: 'Tickets for the Spring Showcase' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: en.continue }).click()
  await frame.getByLabel(en.email).fill('jane@example.com')
  await frame.getByLabel(en.name, { exact: true }).fill('Jane Doe')
  assert.equal(new URL(page.url()).origin, partner)
  await frame.getByRole('button', { name: en.continue }).click()
  await page.getByRole('button', { name: en.orderWithObligation }).click()
  await page.getByRole('heading', { name: en.thankYou }).waitFor()
  assert.equal(new URL(page.url()).origin, shopPage(club, ''))
  assertQuiet()
})

test('the window can be closed by the Escape key, and the link has the focus again', async () => {
  const { page } = await onPartnersSite()
  await page.getByRole('link', { name: 'Tickets for the Spring Showcase' }).click()
  await page.frameLocator('iframe').getByRole('button', { name: en.continue }).waitFor()
  await page.getByRole('button', { name: 'Close' }).focus()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Tickets for the Spring Showcase')
})

test('without scripts the link is a link', async () => {
  const { page } = await onPartnersSite(false)
  await page.getByRole('link', { name: 'Tickets for the Spring Showcase' }).click()
  assert.equal(await page.locator('h1').innerText(), 'Spring Showcase')
})

test('the payment and the order open in no frame, the checkout only in those of the sites that are allowed', async () => {
  const policyOf = async (path: string) =>
    String(
      (await world.app.inject({ url: path, headers: { host: `${club.subdomain}.foyer.test`, accept: 'text/html' } }))
        .headers['content-security-policy'],
    )
  const order = await world.paidOrder(club)
  assert.match(await policyOf(`/events/${slug}`), /frame-ancestors 'self' http:\/\/partner\.example$/)
  assert.match(await policyOf(`/orders/${order.public_id}`), /frame-ancestors 'none'$/)
})
