import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from '../../server/shop/words/en.ts'
import { expect, openWorld } from '../support/world.ts'
import { assertAccessible, openBrowser, shopPage } from './browser.ts'

/** The pages that one sees when something is not as usual, by keyboard, and with text that means harm. */

const world = await openWorld()
const club = await world.organizer()
const { slug } = await world.event(club, { title: 'Spring Showcase', stock: 8, maxPerOrder: 6 })
const { visitor } = await openBrowser(world)
const phone = { viewport: { width: 320, height: 700 } }

test('everything can be done by keyboard alone', async () => {
  const { page, assertQuiet } = await visitor(phone)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** Tabs to what has that name, as a person does who hears or sees where they are. */
  const tabTo = async (name: string | RegExp) => {
    for (let presses = 0; presses < 40; presses++) {
      await press('Tab')
      const focused = await page.evaluate(
        '(() => { const at = document.activeElement; return (at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent).trim() })()',
      )
      if (typeof name === 'string' ? String(focused).startsWith(name) : name.test(String(focused))) return
    }
    throw new Error(`no way leads to ${name}`)
  }
  const ends = (end: string) => page.waitForURL(new RegExp(`${end}($|\\?)`))

  await page.goto(shopPage(club, '/events'))
  await tabTo(en.skipToContent)
  await press('Enter')
  await tabTo('Spring Showcase')
  await press('Enter')
  await ends(slug)
  await tabTo(en.quantityOf('General Admission'))
  await press('2')
  await tabTo(en.continue)
  await press('Enter')
  await ends('details')
  await tabTo(en.email)
  await page.keyboard.type('nobody')
  await tabTo(en.continue)
  await press('Enter')
  await page.locator('#problem-email').waitFor()
  await tabTo(`${en.email}: ${en.errorEmail}`)
  await press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'field-email')
  await press('Control+a')
  await page.keyboard.type('jane@example.com')
  await tabTo(en.name)
  await page.keyboard.type('Jane Doe')
  await tabTo(en.consentDefault(`Club ${club.subdomain}`))
  await press('Space')
  await tabTo(en.continue)
  await press('Enter')
  await page.getByRole('heading', { name: en.payAndOrder }).waitFor()
  await tabTo(en.orderWithObligation)
  await press('Enter')
  await page.getByRole('heading', { name: en.thankYou }).waitFor()
  assertQuiet()
})

test('a payment that is on its way is waited for, and a reservation that ran out is told', async () => {
  const { page, assertQuiet } = await visitor(phone)
  await page.goto(shopPage(club, `/events/${slug}`))
  await page.getByRole('button', { name: en.continue }).click()
  await page.getByLabel(en.email).fill('slow@example.com')
  await page.getByLabel(en.name, { exact: true }).fill('Slow')
  assert.match(await page.getByRole('status').innerText(), /15 minutes left/)
  await page.getByRole('button', { name: en.continue }).click()
  await page.waitForLoadState() // a page that is still coming can't be asked for again
  world.setTime('2026-04-22T12:50:00Z')
  await page.reload()
  assert.equal(await page.getByRole('status').innerText(), en.holdOver)
  await assertAccessible(page)

  await page.getByLabel(en.testOutcome).selectOption('pend')
  await page.getByRole('button', { name: en.orderWithObligation }).click()
  assert.equal(await page.locator('h1').innerText(), en.waitingTitle)
  await assertAccessible(page)
  assertQuiet()
})

test('what is given up, gone, unknown or not yet on sale is told on a page of the shop', async () => {
  const { page, assertQuiet } = await visitor(phone)
  await page.goto(shopPage(club, `/events/${slug}`))
  await page.getByRole('button', { name: en.continue }).click()
  const address = page.url()
  await page.getByRole('button', { name: en.giveUp }).click()
  assert.equal(await page.locator('h1').innerText(), 'Spring Showcase')
  for (const [path, title] of [
    [address, en.goneTitle],
    [shopPage(club, '/nothing'), en.notFoundTitle],
    [shopPage(club, '/orders/aaaaaaaaaaaaaaaaaaaa'), en.notFoundTitle],
  ] as const) {
    await page.goto(path)
    assert.equal(await page.locator('h1').innerText(), title)
    await assertAccessible(page)
  }

  const { slug: later } = await world.event(club, { title: 'Later' })
  expect(200, await world.send(club, 'PATCH', `/admin/events/${later}`, { sales_starts_at: '2029-01-01T10:00:00Z' }))
  await page.goto(shopPage(club, `/events/${later}`))
  assert.match(await page.locator('.notice').innerText(), /Monday,? 1 January 2029, 11:00/)
  await assertAccessible(page)
  assertQuiet()
})

test('a free order has another button, and nothing is paid', async () => {
  const free = await world.event(club, { title: 'Open Rehearsal', price: '0.00', maxPerOrder: 4 })
  const { page, assertQuiet } = await visitor(phone)
  await page.goto(shopPage(club, `/events/${free.slug}`))
  await page.getByRole('button', { name: en.continue }).click()
  await page.getByLabel(en.email).fill('free@example.com')
  await page.getByLabel(en.name, { exact: true }).fill('Free')
  await page.getByRole('button', { name: en.continue }).click()
  assert.equal(await page.getByRole('button', { name: en.orderWithObligation }).count(), 0)
  await assertAccessible(page)
  await page.getByRole('button', { name: en.orderForFree, exact: true }).click()
  assert.equal(await page.locator('h1').innerText(), en.thankYou)
  assertQuiet()
})

test('text that means harm is text, wherever it was typed', async () => {
  const harm = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>{{7*7}}'
  const { slug: harmful } = await world.event(club, { title: harm, maxPerOrder: 4 })
  const description = `<p onclick="alert(3)">Fine</p><script>alert(4)</script><a href="javascript:alert(5)">here</a><style>*{}</style>`
  const faq = [{ question: harm, answer: harm }]
  expect(200, await world.send(club, 'PATCH', `/admin/events/${harmful}`, { description, attendee_note: harm, faq }))
  expect(
    200,
    await world.send(club, 'PATCH', '/admin/settings', { imprint: harm, consent_text: { en: harm }, name: harm }),
  )
  const { page, assertQuiet } = await visitor()
  page.on('dialog', () => assert.fail('a script ran'))
  const assertHarmless = async () => {
    assert.equal(await page.locator('main img, main script:not([type]), main [onclick], main style').count(), 0)
    assert.equal(await page.locator('a[href^="javascript"]').count(), 0)
  }

  await page.goto(shopPage(club, '/events'))
  await assertHarmless()
  await page.goto(shopPage(club, `/events/${harmful}`))
  await assertHarmless()
  assert.equal(await page.locator('h1').innerText(), harm)
  const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? '')
  assert.equal(data.name, harm)
  await page.goto(shopPage(club, '/imprint'))
  await assertHarmless()
  await page.goto(shopPage(club, `/events/${harmful}`))
  await page.getByRole('button', { name: en.continue }).click()
  await page.getByLabel(en.email).fill(harm)
  await page.getByLabel(en.name, { exact: true }).fill(harm)
  await page.getByLabel(en.company).fill('=1+1')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: en.continue }).click()
  await assertHarmless()
  assert.equal(await page.getByLabel(en.email).inputValue(), harm)
  assert.equal(await page.getByLabel(en.name, { exact: true }).inputValue(), harm)
  await page.getByLabel(en.email).fill('harm@example.com')
  await page.getByRole('button', { name: en.continue }).click()
  await assertHarmless()
  await page.getByRole('button', { name: en.orderWithObligation }).click()
  await page.getByLabel(en.attendee).fill(harm)
  await page.getByRole('button', { name: en.saveNames }).click()
  await assertHarmless()
  assert.equal(await page.getByLabel(en.attendee).inputValue(), harm)
  await assertAccessible(page)
  const [kept] = await world.db`
    select t.text from orders o join consent_texts t
      on t.account_id = o.account_id and t.locale = o.consent_locale and t.version = o.consent_version
    where o.customer_email = 'harm@example.com'`
  assert.equal(kept?.text, harm, 'the very wording is kept with the consent')
  assertQuiet()
})
