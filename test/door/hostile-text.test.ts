import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { beforeEach, test } from 'node:test'
import { form, page } from '../support/forms.ts'
import { runJobs } from '../support/run-jobs.ts'
import { startSmtpDouble } from '../support/smtp-double.ts'
import { type Answer, expect, type Organizer, openWorld } from '../support/world.ts'

/**
 * Text that means harm, in every field that buyers and organisers can fill: refused with a 422, or text on every page, in
 * every mail and on every paper.
 */

const smtp = await startSmtpDouble()
const world = await openWorld({ smtpUrl: smtp.url })
beforeEach(() => {
  smtp.mails.length = 0
})

const texts = {
  'ten thousand letters': 'Wörter '.repeat(1429),
  'ten thousand letters without a blank': 'x'.repeat(10_000),
  'control characters': 'a\u0000b\u0007c\u001b[31md\u009fe',
  'marks that turn text around': 'gnp\u202egpj.exe\u2066',
  'half a letter': 'x\ud800y',
  'mail headers': 'Eve\r\nBcc: victim@example.com\r\n\r\nX-Evil: 1',
  'mark-up':
    '</title></textarea><img src=x onerror=alert(1)><script>alert(2)</script>"\'><a href="https://evil.example/">x</a>',
  'calendar lines': 'x\r\nEND:VEVENT\r\nATTENDEE:mailto:a@example.com',
}

interface Shop {
  club: Organizer
  slug: string
  ticketId: number
}

/** Puts the text where it is told; resolves to the answer that accepted or refused it. */
type Put = (shop: Shop, text: string) => Promise<Answer>

const patchEvent =
  (field: string): Put =>
  ({ club, slug }, text) =>
    world.send(club, 'PATCH', `/admin/events/${slug}`, { [field]: text })
const patchVenue =
  (field: string): Put =>
  async ({ club }, text) => {
    const { venues } = expect(200, await world.get(club, '/admin/venues'))
    return world.send(club, 'PATCH', `/admin/venues/${venues[0].id}`, { [field]: text })
  }
const patchSettings =
  (field: string): Put =>
  ({ club }, text) =>
    world.send(club, 'PATCH', '/admin/settings', { [field]: text })

const organiserFields: Record<string, Put> = {
  title: patchEvent('title'),
  description: patchEvent('description'),
  attendee_note: patchEvent('attendee_note'),
  faq: ({ club, slug }, text) =>
    world.send(club, 'PATCH', `/admin/events/${slug}`, { faq: [{ question: text, answer: text }] }),
  'venue name': patchVenue('name'),
  'venue address': patchVenue('address'),
  'venue city': patchVenue('city'),
  'venue postal code': patchVenue('postal_code'),
  'ticket title': ({ club, slug, ticketId }, text) =>
    world.send(club, 'PATCH', `/admin/events/${slug}/tickets/${ticketId}`, { title: text }),
  name: patchSettings('name'),
  imprint: patchSettings('imprint'),
  vat_id: patchSettings('vat_id'),
  terms_url: patchSettings('terms_url'),
  consent_text: ({ club }, text) => world.send(club, 'PATCH', '/admin/settings', { consent_text: { en: text } }),
  'promo code': ({ club }, text) =>
    world.send(club, 'POST', '/admin/promo_codes', {
      promo_code: { code: text, discount_type: 'percentage', discount_amount: '10' },
    }),
}
const buyerFields = ['name', 'company', 'email', 'attendee', 'promo'] as const

async function openShop(): Promise<Shop> {
  const club = await world.organizer()
  return { club, ...(await world.event(club, { taxRate: '7.0' })) }
}

/** Buys as a browser does, with the shop's own forms; undefined where what was typed was refused. */
async function buy({ club, slug, ticketId }: Shop, typed: Partial<Record<string, string>> = {}) {
  const begun = await form(world, club, '/checkouts', {
    event_slug: slug,
    [`quantity_${ticketId}`]: '2',
    promo_code: typed.promo ?? '',
  })
  if (assertFine(begun) === 422) return undefined
  const checkout = String(begun.headers.location)
  const details = { name: typed.name ?? 'Jane', company: typed.company ?? '', email: typed.email ?? 'jane@example.com' }
  assertFine(await page(world, club, `${checkout}/details`))
  if (assertFine(await form(world, club, `${checkout}/details`, details)) === 422) return undefined
  assertFine(await page(world, club, checkout))
  assertFine(await form(world, club, `${checkout}/pay`, { provider: 'test', outcome: 'succeed' }))
  const paid = await page(world, club, checkout)
  return String(paid.headers.location).replace(/\?.*/, '')
}

/** An expected answer, and where it is a page, one in which nothing that was typed is mark-up. */
function assertFine(answer: Answer): number {
  assert.ok([200, 201, 303, 422].includes(answer.status), `${answer.status}: ${answer.text.slice(0, 300)}`)
  if (!String(answer.headers['content-type']).includes('html')) return answer.status
  const shown = answer.text.replace(/<script type="application\/ld\+json">.*?<\/script>/s, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  assert.doesNotMatch(shown, /<img|<script>|onerror=|[\u0000-\u0008\u001b\u202e\u2066]/)
  return answer.status
}

/** Everything that a buyer can see of the order: its page, tickets, date and invoices. */
async function look({ club, slug }: Shop, order: string): Promise<void> {
  for (const path of ['/events', `/events/${slug}`, '/sitemap.xml', order]) assertFine(await page(world, club, path))
  const { text } = await page(world, club, order)
  const papers = [...text.matchAll(/href="(\/orders\/[^"]+\.pdf)"/g)].map(([, path = '']) => path)
  assert.equal(papers.length, 2)
  for (const path of papers) {
    const headers = { host: `${club.subdomain}.foyer.test` }
    const paper = await world.app.inject({ url: path, headers })
    assert.equal(paper.statusCode, 200, `${path}: ${paper.body.slice(0, 200)}`)
    execFileSync('pdftotext', ['-', '-'], { input: paper.rawPayload })
  }
  const calendar = (await page(world, club, `${order}/event.ics`)).text.split('\r\n')
  assert.equal(calendar.filter((line) => /^(END:VEVENT|ATTENDEE)/.test(line)).length, 1)
}

async function assertMail(): Promise<void> {
  await runJobs(world)
  const [mail] = smtp.mails
  assert.ok(mail, 'the mail is sent')
  assert.equal(mail.bcc, undefined)
  assert.equal(mail.headers.has('x-evil'), false)
  assert.doesNotMatch(String(mail.html), /<img|<script|evil\.example\/">/)
  assert.equal(mail.attachments.length, 2)
}

for (const [what, text] of Object.entries(texts)) {
  test(`${what}: an organiser's fields refuse it, or show it as text`, async () => {
    const shop = await openShop()
    for (const [field, put] of Object.entries(organiserFields)) {
      const { status, text: answer } = await put(shop, text)
      assert.ok([200, 201, 422].includes(status), `${field}: ${status} ${answer}`)
    }
    const order = await buy(shop)
    assert.ok(order)
    await look(shop, order)
    assertFine(await page(world, shop.club, '/imprint').then((a) => (a.status === 404 ? { ...a, status: 200 } : a)))
    await assertMail()
  })

  test(`${what}: a buyer's fields refuse it, or show it as text`, async () => {
    const shop = await openShop()
    for (const field of buyerFields) {
      const order = await buy(shop, field === 'attendee' ? {} : { [field]: text })
      if (order === undefined) continue
      if (field === 'attendee') {
        const { text: shown } = await page(world, shop.club, order)
        const [, name = ''] = /name="(attendee_\w+)"/.exec(shown) ?? []
        assertFine(await form(world, shop.club, `${order}/attendees`, { [name]: text }))
      }
      smtp.mails.length = 0
      await look(shop, order)
      await assertMail()
    }
  })
}
