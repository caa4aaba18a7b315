import assert from 'node:assert/strict'
import { test } from 'node:test'
import { page } from '../../test/support/forms.ts'
import { type Answer, expect, openWorld } from '../../test/support/world.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const world = await openWorld()
const club = await world.organizer()
const { slug, ticketId } = await world.event(club, { title: 'Spring Showcase', stock: 50, taxRate: '7.0' })
const get = (path: string, headers?: Record<string, string>) => page(world, club, path, headers)
const isPage = (answer: Answer) => String(answer.headers['content-type']).startsWith('text/html')

test('the same address is a page for people and JSON for programs', async () => {
  for (const path of ['/events', `/events/${slug}`]) {
    for (const accept of ['text/html', 'text/html,*/*;q=0.8', '*/*', ''])
      assert.equal(isPage(await get(path, { accept })), true, accept)
    assert.equal(isPage(await get(path, { accept: 'application/json' })), false)
    assert.equal(isPage(await get(path, { accept: '*/*', authorization: `Bearer ${club.readToken}` })), false)
    assert.equal(isPage(await get(`${path}.json`)), false)
    const json = await world.shop(club, 'GET', path)
    assert.match(String(json.headers.vary), /Accept/)
  }
})

test('a page may be kept for a minute, and is not sent again to who has it', async () => {
  const first = await get(`/events/${slug}`)
  assert.equal(first.headers['cache-control'], 'public, max-age=60')
  const again = await get(`/events/${slug}`, { 'if-none-match': String(first.headers.etag) })
  assert.deepEqual([again.status, again.text], [304, ''])
  for (const header of ['accept', 'accept-language'])
    assert.match(String(first.headers.vary).toLowerCase(), new RegExp(header))
})

test('a page loads nothing but what is ours, and runs no script that stands in it', async () => {
  const answer = await get(`/events/${slug}`)
  const policy = String(answer.headers['content-security-policy'])
  assert.doesNotMatch(policy, /unsafe|\*|https?:/)
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
  ])
    assert.ok(policy.includes(part), part)
  assert.doesNotMatch(answer.text, / style=| on\w+=/)
  const sources = [...answer.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
  assert.equal(sources.length, 2)
  for (const source of sources) {
    const asset = await get(source)
    assert.deepEqual(
      [asset.status, asset.headers['cache-control']],
      [200, 'public, max-age=31536000, immutable'],
      source,
    )
    const older = await get(source.replace(/\.[0-9a-f]{12}\./, '.000000000000.'))
    assert.deepEqual([older.text, older.headers['cache-control']], [asset.text, 'no-store'])
  }
  assert.equal((await get('/assets/other.css')).status, 404)
})

test('an event says when and where it is on the clock of its venue, whatever the account', async () => {
  const venue = expect(
    201,
    await world.send(club, 'POST', '/admin/venues', {
      ...{ name: 'Town Hall', address: 'Queen Street 1', city: 'Auckland', postal_code: '1010', country: 'NZ' },
      timezone: 'Pacific/Auckland',
    }),
  )
  const times = { starts_at: '2030-01-05T20:00', ends_at: '2030-01-06T01:30', doors_open_at: '2030-01-05T19:00' }
  const event = expect(
    201,
    await world.send(club, 'POST', '/admin/events', { title: 'Far', venue_id: venue.id, minimum_age: 16, ...times }),
  )
  expect(200, await world.send(club, 'POST', `/admin/events/${event.slug}/publication`))
  const { text } = await get(`/events/${event.slug}`)
  assert.match(text, /Saturday,? 5 January 2030, 20:00/)
  assert.match(text, /until Sunday,? 6 January 2030, 01:30/)
  assert.match(text, /Doors open at 19:00/)
  assert.match(text, /New Zealand Daylight Time/)
  assert.match(text, new RegExp(en.minimumAge(16)))
  const german = await get(`/events/${event.slug}?lang=de`)
  assert.match(german.text, /Samstag, 5\. Januar 2030, 20:00 Uhr/)
  assert.match(german.text, /Neuseeland-Sommerzeit/)
})

test('questions and answers are written, kept in their order, shown, and copied', async () => {
  const faq = [
    { question: 'Is there a cloakroom?', answer: 'Yes.' },
    { question: 'Parking?', answer: 'No.' },
  ]
  const changed = expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { faq }))
  assert.deepEqual(changed.faq, faq)
  assert.equal(Object.keys(changed).at(-1), 'faq')
  const shown = expect(200, await world.get(club, `/admin/events/${slug}`))
  assert.deepEqual([Object.keys(shown).at(-1), shown.faq], ['faq', faq])
  assert.match((await get(`/events/${slug}`)).text, /Is there a cloakroom\?[\s\S]*Parking\?/)
  const copy = expect(201, await world.send(club, 'POST', `/admin/events/${slug}/duplication`))
  assert.deepEqual(copy.faq, faq)
  const kept = expect(200, await world.send(club, 'PATCH', `/admin/events/${slug}`, { title: 'Spring Showcase' }))
  assert.deepEqual(kept.faq, faq, 'what is not sent stays')
  for (const wrong of [[{ question: '', answer: 'x' }], [{ question: 'x' }], 'text', [{ question: 1, answer: 'x' }]])
    assert.equal((await world.send(club, 'PATCH', `/admin/events/${slug}`, { faq: wrong })).status, 422)
  assert.deepEqual(expect(200, await world.send(club, 'PATCH', `/admin/events/${copy.slug}`, { faq: null })).faq, [])
})

test('search engines find every event and read it', async () => {
  const { text } = await get(`/events/${slug}`)
  const data = JSON.parse(/<script type="application\/ld\+json">(.+?)<\/script>/s.exec(text)?.[1] ?? '')
  assert.deepEqual([data['@type'], data.name, data.startDate], ['Event', 'Spring Showcase', '2030-06-01T20:00:00Z'])
  assert.deepEqual(
    [data.offers[0].price, data.offers[0].priceCurrency, data.offers[0].availability],
    ['21.00', 'EUR', 'https://schema.org/InStock'],
  )
  const sitemap = await get('/sitemap.xml')
  assert.match(sitemap.text, new RegExp(`<loc>http://${club.subdomain}.foyer.test/events/${slug}</loc>`))
  assert.match((await get('/robots.txt')).text, /Disallow: \/orders\nSitemap: http/)
})

test('what is left is told in words, and its number never', async () => {
  const many = await get(`/events/${slug}`)
  assert.doesNotMatch(many.text, new RegExp(en.fewLeft))
  await world.paidOrder(club, { eventSlug: slug, ticketId, quantity: 43 })
  const few = await get(`/events/${slug}`)
  assert.match(few.text, new RegExp(en.fewLeft))
  assert.doesNotMatch(few.text.replace(/<option>\d+<\/option>/g, ''), /\b7\b/)
  await world.paidOrder(club, { eventSlug: slug, ticketId, quantity: 7 })
  assert.match((await get(`/events/${slug}`)).text, new RegExp(en.allSoldOut))
})

test("the page speaks the visitor's language, the chosen one first, the organiser's last", async () => {
  for (const [query, header, title] of [
    ['', 'de-DE,de;q=0.9', de.events],
    ['?lang=en', 'de-DE,de;q=0.9', en.events],
    ['', 'fr-FR', en.events],
    ['?lang=fr', 'de', de.events],
  ] as const)
    assert.match((await get(`/events${query}`, { 'accept-language': header })).text, new RegExp(`<h1>${title}</h1>`))
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { locale: 'de' }))
  assert.match((await get('/events', { 'accept-language': 'fr-FR' })).text, new RegExp(`<h1>${de.events}</h1>`))
  const chosen = await get('/events?lang=en&utm_source=a&fbclid=x')
  assert.match(chosen.text, /href="\/events\/far\?lang&#61;en&#38;utm_source&#61;a"/)
})

test('what is not there is told on a page with the same status as in JSON', async () => {
  for (const path of ['/nothing', '/events/nothing', '/checkouts/nothing', '/orders/nothing', '/events/%FF']) {
    const answer = await get(path)
    assert.deepEqual([answer.status, isPage(answer)], [404, true], path)
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
  const elsewhere = await world.organizer()
  assert.equal((await page(world, elsewhere, `/events/${slug}`)).status, 404)
  const nowhere = await get('/events', { host: 'nobody.foyer.test' })
  assert.deepEqual([nowhere.status, nowhere.text], [404, '{"error":"Not found"}'])
})

test('a bug is told on a page, without a word of what it was', async () => {
  await world.db`alter table event_places rename to lost`
  const answer = await get(`/events/${slug}`)
  await world.db`alter table lost rename to event_places`
  assert.deepEqual([answer.status, isPage(answer)], [500, true])
  assert.match(answer.text, new RegExp(en.brokenTitle))
  assert.doesNotMatch(answer.text, /event_places|relation|select/)
})

test('the style and the scripts stay small', async () => {
  const { gzipSync } = await import('node:zlib')
  const { shopScript, shopStyle, widgetScript } = await import('./assets.ts')
  const size = (text: string) => gzipSync(text).length
  assert.ok(size(shopStyle.content) <= 15 * 1024)
  assert.ok(size(shopScript.content) + size(widgetScript({ shop: '', frameOrigins: [] })) <= 30 * 1024)
})
