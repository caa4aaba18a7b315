import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, page } from '../../test/support/forms.ts'
import { expect, openWorld } from '../../test/support/world.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug, ticketId } = await world.event(club, { title: 'Spring', stock: 100, maxPerOrder: 5 })
const details = { email: 'jane@example.com', name: 'Jane Doe' }
const tickets = { event_slug: slug, [`quantity_${ticketId}`]: '2' }
const idIn = (location: unknown) => /^\/(?:checkouts|orders)\/(\w+)/.exec(String(location))?.[1] ?? ''

async function begin(fields: Record<string, string> = tickets, query = ''): Promise<string> {
  const answer = await form(world, club, `/checkouts${query}`, fields)
  assert.equal(answer.status, 303, answer.text)
  return idIn(answer.headers.location)
}

async function paid(consent?: string): Promise<string> {
  const id = await begin()
  const ticked: Record<string, string> = consent === undefined ? {} : { marketing: '1', consent_text: consent }
  assert.equal((await form(world, club, `/checkouts/${id}/details`, { ...details, ...ticked })).status, 303)
  const pay = await form(world, club, `/checkouts/${id}/pay`, { provider: 'test', outcome: 'succeed' })
  assert.equal(pay.status, 303)
  const done = await page(world, club, `/checkouts/${id}`)
  return idIn(done.headers.location)
}

test('a form from another site is refused on a page, whatever it asks for', async () => {
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
  ] as Record<string, string>[]) {
    const answer = await form(world, club, '/checkouts', tickets, headers)
    assert.equal(answer.status, 403)
    assert.match(answer.text, new RegExp(en.forbiddenTitle))
  }
})

test('a checkout answers pages to browsers and JSON to programs, also to those that name no kind', async () => {
  const id = await begin()
  for (const [accept, type] of [
    ['text/html,*/*;q=0.8', 'text/html'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
  ] as const) {
    const answer = await page(world, club, `/checkouts/${id}/details`, { accept: 'text/html' })
    assert.equal(answer.status, 200)
    const own = await page(world, club, `/checkouts/${id}`, { accept })
    if (type === 'text/html') assert.deepEqual([own.status, own.headers.location], [303, `/checkouts/${id}/details`])
    else assert.match(String(own.headers['content-type']), new RegExp(`^${type}`))
  }
})

test('asked twice, the payment is one order: the second form is answered as the first', async () => {
  const id = await begin()
  await form(world, club, `/checkouts/${id}/details`, details)
  const pay = () => form(world, club, `/checkouts/${id}/pay`, { provider: 'test', outcome: 'succeed' })
  const answers = await Promise.all([pay(), pay(), pay()])
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers.location]),
    Array.from({ length: 3 }, () => [303, `/checkouts/${id}`]),
  )
  const [row] = await world.db`select count(*)::integer as count from orders where customer_email = ${details.email}`
  assert.equal(row?.count, 1)
  assert.equal((await form(world, club, `/checkouts/${id}/details`, { ...details, name: 'Other' })).status, 303)
})

test('what stands in the way is said in words, and what was chosen is kept', async () => {
  const { slug: small, ticketId: few } = await world.event(club, { title: 'Small', stock: 2, maxPerOrder: 4 })
  const choose = (quantity: string, language = 'en') =>
    form(
      world,
      club,
      '/checkouts',
      { event_slug: small, [`quantity_${few}`]: quantity },
      { 'accept-language': language },
    )
  const none = await choose('0')
  assert.deepEqual([none.status, none.text.includes(en.nothingChosen)], [422, true])
  const many = await choose('4', 'de')
  assert.equal(many.status, 409)
  assert.match(many.text, /Von General Admission gibt es nur noch 2\./)
  assert.match(many.text, /<option selected>4<\/option>/)
  assert.match(await page(world, club, `/events/${small}`).then(({ text }) => text), new RegExp(en.fewLeft))
  assert.equal((await form(world, club, '/checkouts', { event_slug: 'nothing', quantity_1: '1' })).status, 404)
  assert.equal((await choose('-1')).status, 422)
  assert.equal((await choose('99999999999')).status, 422)
})

test('details that cannot be are refused beside their field, and everything typed is kept', async () => {
  const id = await begin({ ...tickets, [`quantity_${ticketId}`]: '1' })
  const send = (fields: Record<string, string>) => form(world, club, `/checkouts/${id}/details`, fields)
  for (const [fields, problem] of [
    [{ email: '', name: 'Jane' }, `<a href="#field-email">${en.email}: ${en.errorBlank}`],
    [{ email: 'jane', name: 'Jane' }, en.errorEmail],
    [{ email: 'jane@example.com', name: '   ' }, `<a href="#field-name">${en.name}: ${en.errorBlank}`],
    [{ ...details, name: 'x'.repeat(10_000) }, en.errorTooLong(255)],
    [{ ...details, company: 'a\u0001b' }, 'This can’t be kept'],
  ] as [Record<string, string>, string][]) {
    const answer = await send(fields)
    assert.equal(answer.status, 422)
    assert.ok(answer.text.includes(problem), problem)
    assert.match(answer.text, /aria-describedby="[^"]*problem-/)
  }
  assert.equal((await send({ ...details, name: 'a\0b' })).status, 422)
  const kept = await send({ email: 'nobody', name: 'Jörg "J" <b>', company: 'Acme & Co' })
  assert.match(kept.text, /value="J\S+rg &#34;J&#34; &#60;b&#62;"/)
  assert.match(kept.text, /value="Acme &#38; Co"/)
})

test('right above the button that obliges to pay stand the order and its total, and nothing in between', async () => {
  const id = await begin()
  await form(world, club, `/checkouts/${id}/details`, details)
  for (const [language, button] of [
    ['en', 'Order with obligation to pay'],
    ['de', 'Zahlungspflichtig bestellen'],
  ]) {
    const { text } = await page(world, club, `/checkouts/${id}?lang=${language}`)
    assert.match(
      text,
      new RegExp(`</tfoot></table>\\s*<button class="primary" type="submit">${button}</button></section>\\s*</form>`),
    )
    assert.match(text, /Spring<\/strong><br>[\s\S]*2030[\s\S]*42[.,]00/)
    assert.equal(text.split('class="primary"').length, 2, 'the page has no other button like it')
  }
})

test('without scripts a payment that is on its way is looked at again by the page itself', async () => {
  const id = await begin()
  await form(world, club, `/checkouts/${id}/details`, details)
  await form(world, club, `/checkouts/${id}/pay`, { provider: 'test', outcome: 'pend' })
  const { text } = await page(world, club, `/checkouts/${id}`)
  assert.ok(
    text.includes(`<noscript><meta http-equiv="refresh" content="10; url&#61;/checkouts/${id}/return"></noscript>`),
  )
  assert.match(text, new RegExp(en.waitingTitle))
})

test('a checkout opens in its own shop alone, and what is paid can no longer be given up', async () => {
  const rival = await world.organizer()
  const id = await begin()
  for (const path of ['', '/details', '/return'])
    assert.equal((await page(world, rival, `/checkouts/${id}${path}`)).status, 404)
  for (const path of ['/details', '/pay', '/cancellation'])
    assert.equal((await form(world, rival, `/checkouts/${id}${path}`, details)).status, 404)
  await form(world, club, `/checkouts/${id}/details`, details)
  await form(world, club, `/checkouts/${id}/pay`, { provider: 'test', outcome: 'succeed' })
  const answer = await form(world, club, `/checkouts/${id}/cancellation`, {})
  assert.equal(answer.status, 409)
  assert.match(answer.text, new RegExp(en.conflictTitle))
})

test('a promo code is typed or comes with the link, is named where it is wrong, and can be left away', async () => {
  const code = { code: 'SPRING', discount_type: 'percentage', discount_amount: '10' }
  expect(201, await world.send(club, 'POST', '/admin/promo_codes', { promo_code: code }))
  const linked = await page(world, club, `/events/${slug}?promo=spring`)
  assert.match(linked.text, /name="promo_code"[^>]*value="spring"/)
  const wrong = await form(world, club, '/checkouts?promo=spring', { ...tickets, promo_code: 'AUTUMN' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, new RegExp(`id="problem-promo_code">${en.errorPromoCode}`))
  assert.match(wrong.text, /value="AUTUMN"/)

  for (const id of [await begin(tickets, '?promo=spring'), await begin({ ...tickets, promo_code: ' Spring ' })]) {
    await form(world, club, `/checkouts/${id}/details`, details)
    const last = await page(world, club, `/checkouts/${id}`)
    assert.match(last.text, /Discount<\/th><td>-€4\.20<[\s\S]*Total, tax included<\/th><td>€37\.80</)
    assert.match(last.text, new RegExp(en.discountBy('SPRING')))
    assert.equal((await form(world, club, `/checkouts/${id}/promo-code`, {})).status, 303)
    assert.match((await page(world, club, `/checkouts/${id}`)).text, /Total, tax included<\/th><td>€42\.00</)
  }
})

test('the language chosen goes along to the order, and into the checkout', async () => {
  const id = await begin(tickets, '?lang=de&utm_source=poster')
  const shown = await page(world, club, `/checkouts/${id}/details`)
  assert.match(shown.text, /<html lang="de">/)
  assert.match(shown.text, new RegExp(de.yourDetails))
  const { locale } = expect(200, await world.shop(club, 'GET', `/checkouts/${id}`))
  assert.equal(locale, 'de')
  const english = await page(world, club, `/checkouts/${id}/details?lang=en`)
  assert.match(english.text, /<html lang="en">/)
})

test('the wording of a consent is kept with it by its version, and never changed', async () => {
  const ask = 'Yes, send me news.'
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { consent_text: { en: ask } }))
  const first = await paid(ask)
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { consent_text: { en: 'Another wording.' } }))
  const second = await paid('Another wording.')
  const versions = await world.db`
    select o.public_id, o.consent_version, t.text from orders o
    join consent_texts t on t.account_id = o.account_id and t.locale = o.consent_locale and t.version = o.consent_version
    where o.account_id = ${club.id} order by o.id`
  assert.deepEqual(
    versions.map((row) => [row.publicId, row.consentVersion, row.text]),
    [
      [first, 1, ask],
      [second, 2, 'Another wording.'],
    ],
  )
  await assert.rejects(world.db`update consent_texts set text = 'x'`, /never changes/)
  await assert.rejects(world.db`delete from consent_texts`, /never changes/)
})

test('a box that was ticked under words that nobody was asked with is shown again, not ticked', async () => {
  const id = await begin({ ...tickets, [`quantity_${ticketId}`]: '1' })
  const ticked = { ...details, marketing: '1', consent_text: 'Sell my data.' }
  const answer = await form(world, club, `/checkouts/${id}/details`, ticked)
  assert.equal(answer.status, 422)
  assert.match(answer.text, new RegExp(en.consentChanged))
  assert.doesNotMatch(answer.text, /type="checkbox"[^>]* checked/)
})

test('a consent that comes from another site is kept without a wording of ours', async () => {
  const id = await begin({ ...tickets, [`quantity_${ticketId}`]: '1' })
  const buyer = { email: 'api@example.com' }
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${id}`, { buyer, marketing_consent: true }))
  const [row] = await world.db`select marketing_consent, consent_version from checkouts where public_id = ${id}`
  assert.deepEqual([row?.marketingConsent, row?.consentVersion], [true, null])
})
