import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { readTicketToken } from '../../server/admission/qr-code.ts'
import type { Words } from '../../server/shop/words/en.ts'
import { wordsOf } from '../../server/shop/words/words.ts'
import { readTicketPages } from '../support/read-tickets.ts'
import { runJobs } from '../support/run-jobs.ts'
import { openWorld } from '../support/world.ts'
import { assertAccessible, openBrowser, shopPage } from './browser.ts'

/** After the purchase: the mail and its tickets, the tickets again, and the way back for whoever lost the mail. */

const world = await openWorld()
const club = await world.organizer()
await world.event(club, { title: 'Spring Showcase', maxPerOrder: 6 })
const { visitor } = await openBrowser(world)

async function buy(page: Page, words: Words, email: string): Promise<void> {
  await page.goto(shopPage(club, '/events/spring-showcase'))
  await page.getByLabel(words.quantityOf('General Admission')).selectOption('2')
  await page.getByRole('button', { name: words.continue }).click()
  await page.getByLabel(words.email).fill(email)
  await page.getByLabel(words.name, { exact: true }).fill('Jane Doe')
  await page.getByRole('button', { name: words.continue }).click()
  await page.getByRole('button', { name: words.orderWithObligation, exact: true }).click()
}

/** The file that a link of the page leads to. A browser may show it instead of saving it. */
async function download(page: Page, name: string): Promise<Buffer> {
  const path = await page.getByRole('link', { name }).getAttribute('href')
  const { pathname, host } = new URL(String(path), page.url())
  const answer = await world.app.inject({ url: pathname, headers: { host, accept: 'text/html' } })
  assert.equal(answer.statusCode, 200)
  return answer.rawPayload
}

async function assertTickets(pdf: Buffer): Promise<void> {
  const pages = await readTicketPages(pdf)
  assert.equal(pages.length, 2)
  for (const { text, code } of pages) {
    assert.match(text, /Spring Showcase[\s\S]*Jane Doe/)
    assert.ok(readTicketToken(code), 'the QR code of every ticket can be read')
  }
}

for (const [javaScriptEnabled, width, locale] of [
  [true, 360, 'de'],
  [false, 1280, 'en'],
] as const) {
  const words = wordsOf[locale]

  test(`the tickets come by mail, again when asked for, and by the lost-mail page, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const email = `jane-${locale}@example.com`
    const viewport = { width, height: 800 }
    const { page, assertQuiet } = await visitor({ javaScriptEnabled, locale, viewport })
    const check = () => (javaScriptEnabled ? assertAccessible(page) : undefined)
    await buy(page, words, email)
    const order = page.url()
    assert.match(await page.getByRole('status').innerText(), new RegExp(words.onTheirWay(email)))
    await check()

    await runJobs(world)
    await page.getByRole('link', { name: words.readItHere }).click()
    await page.getByRole('listitem').filter({ hasText: email }).getByRole('link', { name: 'tickets' }).click()
    await check()
    await assertTickets(await download(page, 'tickets.pdf'))
    await page.getByRole('link', { name: new URL(order).pathname }).click()
    await assertTickets(await download(page, words.saveTickets))
    assert.match(String(await download(page, words.saveDate)), /^BEGIN:VCALENDAR/)

    for (let time = 1; time <= 3; time++) {
      await page.getByRole('button', { name: words.sendAgain }).click()
      assert.match(await page.getByRole('status').innerText(), new RegExp(words.onTheirWay(email)))
    }
    await check()
    await page.getByRole('button', { name: words.sendAgain }).click()
    assert.equal(await page.getByRole('alert').innerText(), words.errorSentOften)
    await check()

    await page.getByRole('link', { name: words.lostTickets }).click()
    await check()
    await page.getByRole('button', { name: words.sendLinks }).click()
    assert.equal(await page.locator('#problem-email').innerText(), words.errorBlank)
    await check()
    await page.getByLabel(words.email).fill(email)
    await page.getByRole('button', { name: words.sendLinks }).click()
    await check()
    await runJobs(world)
    await page.getByRole('link', { name: words.readItHere }).click()
    await page.getByRole('listitem').filter({ hasText: email }).getByRole('link', { name: 'order_links' }).click()
    await page.getByRole('link', { name: new URL(order).pathname }).click()
    assert.equal(new URL(page.url()).pathname, new URL(order).pathname)
    assertQuiet()
  })
}
