import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'
import { de } from './de.ts'
import { en } from './en.ts'
import { preferredLocale } from './words.ts'

const shop = new URL('..', import.meta.url).pathname

test('both languages say the same things, and none of them is empty or left in the other language', () => {
  assert.deepEqual(Object.keys(de), Object.keys(en))
  const alike = ['name', 'stepTickets', 'tickets', 'checkInCode', 'ticketNumber']
  for (const [key, value] of Object.entries(en)) {
    const other = de[key as keyof typeof de] // the keys are the same, as was just seen
    assert.equal(typeof other, typeof value, key)
    if (typeof other === 'string') assert.ok(other.trim(), key)
    if (typeof other === 'string' && !alike.includes(key))
      assert.notEqual(other.toLowerCase(), String(value).toLowerCase(), key)
  }
})

test('nothing is kept that no page says', async () => {
  let source = ''
  for await (const path of glob('**/*.ts', { cwd: shop }))
    if (!path.startsWith('words/') && !path.endsWith('.test.ts')) source += readFileSync(`${shop}${path}`, 'utf8')
  assert.deepEqual(
    Object.keys(en).filter((key) => !new RegExp(`words\\.${key}\\b`).test(source)),
    [],
  )
})

test("the browser's wishes are read in their order of weight", () => {
  for (const [header, locale] of [
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,de;q=0.5', 'en'],
    ['fr,de;q=0.3,en;q=0.7', 'en'],
    ['fr, nl', undefined],
    ['de;q=0, en', 'en'],
    ['', undefined],
    [';;;q=x,,', undefined],
  ] as const)
    assert.equal(preferredLocale(header), locale, header)
})
