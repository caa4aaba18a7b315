import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normalizeEmail } from './email-address.ts'

const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(61)}`

test('one mailbox has one spelling', () => {
  const spellings = [
    ['jane@example.com', 'jane@example.com', 'Jane@Example.COM', ' jane@example.com\n', '\u3000jane@example.com\u00a0'],
    ['jane.doe+vip@x.org', 'Jane.Doe+VIP@x.org'],
    ['jane@xn--bcher-kva.de', 'jane@bücher.de', 'jane@BU\u0308CHER.DE', 'Jane@XN--BCHER-KVA.de'],
    ['jörg@x.org', 'JÖRG@x.org', 'jo\u0308rg@x.org', 'JO\u0308RG@X.ORG'],
    ['i\u0307pek@x.org', 'İpek@x.org', 'I\u0307pek@x.org', 'i\u0307pek@x.org'],
    ['\u01f0ana@x.org', 'J\u030cana@x.org', 'j\u030cana@x.org'],
    ['kelvin@k.org', '\u212aelvin@\u212a.org'],
    ['jane@example.com', 'jane@example。com', 'jane@ｅｘａｍｐｌｅ.com', 'jane@exam\u00adple.com'],
    ["o'hara!#$%&*/=?^_`{|}~-@x.org", "O'Hara!#$%&*/=?^_`{|}~-@x.org"],
    ['.jane..doe.@x.org', '.jane..doe.@x.org'],
    ['root@localhost', 'root@localhost'],
    ['ΠΑΎΛΟΣ@x.gr'.toLowerCase(), 'ΠΑΎΛΟΣ@x.gr'],
  ]
  for (const [stored, ...typed] of spellings) {
    for (const text of typed) assert.equal(normalizeEmail(text), stored, JSON.stringify(text))
  }
})

test('two mailboxes stay two', () => {
  const mailboxes = [
    'jane@x.org',
    'jane+a@x.org',
    'j.ane@x.org',
    'jané@x.org',
    'janе@x.org',
    'ipek@x.org',
    'ıpek@x.org',
    'i\u0307pek@x.org',
  ]
  const lookalikes = ['mass@x.org', 'maſs@x.org', 'maß@x.org', 'ｍass@x.org', 'a@strasse.de', 'a@straße.de']
  const all = [...mailboxes, ...lookalikes]
  assert.equal(new Set(all.map(normalizeEmail)).size, all.length)
  assert.ok(!all.map(normalizeEmail).includes(undefined))
})

test('what is no address has no spelling', () => {
  const odd = [
    ...[
      '',
      ' ',
      '@',
      'jane',
      'jane@',
      '@x.org',
      'a@b@x.org',
      'a b@x.org',
      'a\tb@x.org',
      'a\u0000b@x.org',
      'a\u00a0b@x.org',
    ],
    ...[
      'a,b@x.org',
      '"a"@x.org',
      'a;b@x.org',
      'a:b@x.org',
      'a\\b@x.org',
      '<a@x.org>',
      'Jane <a@x.org>',
      '(a)b@x.org',
      'a[b]@x.org',
    ],
    ...[
      'jane＠x.org',
      'a＠b@x.org',
      'a﹫b@x.org',
      'a，b@x.org',
      'a＜b@x.org',
      'a\u200bb@x.org',
      'a\u202eb@x.org',
      'a\ud800b@x.org',
    ],
    ...[
      'a@x..org',
      'a@.x.org',
      'a@x.org.',
      'a@x.org。',
      'a@x。。org',
      'a@.',
      'a@-x.org',
      'a@x-.org',
      'a@x_y.org',
      'a@x y.org',
    ],
    ...[
      'a@x.org/b',
      'a@x.org:25',
      'a@x.org?b',
      'a@x.org#b',
      'a@x.org\\b',
      'a@x／y.org',
      'a@ex%61mple.com',
      'a@x\ty.org',
      'a@x\u0000.org',
    ],
    ...[
      'a@127.0.0.1',
      'a@127.1',
      'a@0x7f.1',
      'a@１２７.0.0.1',
      'a@[127.0.0.1]',
      'a@[::1]',
      'a@1',
      'a@x.1',
      'a@\ud800.org',
      'a@x\ufffd.org',
    ],
  ]
  for (const text of odd) assert.equal(normalizeEmail(text), undefined, JSON.stringify(text))
})

test('an address is at most 254 characters long, its local part and each label at most 64 and 63', () => {
  assert.ok(normalizeEmail(`${'a'.repeat(64)}@x.org`))
  assert.equal(normalizeEmail(`${'a'.repeat(65)}@x.org`), undefined)
  assert.equal(normalizeEmail(`${'İ'.repeat(33)}@x.org`), undefined)
  assert.ok(normalizeEmail(`a@${'x'.repeat(63)}.org`))
  assert.equal(normalizeEmail(`a@${'x'.repeat(64)}.org`), undefined)
  assert.equal(normalizeEmail(`a@${'ü'.repeat(60)}.org`), undefined)
  assert.equal(normalizeEmail(`${'a'.repeat(64)}@${long}`)?.length, 254)
  assert.equal(normalizeEmail(`${'a'.repeat(64)}@${long}c`), undefined)
})

test('normalising again changes nothing, whatever was typed', () => {
  const again = (text: string) => {
    const once = normalizeEmail(text)
    if (once !== undefined) assert.equal(normalizeEmail(once), once, JSON.stringify(text))
  }
  for (let point = 0; point < 0x20000; point += 1) {
    const character = String.fromCodePoint(point)
    again(`a${character}\u0307\u0323@x.org`)
    again(`a@a${character}a.org`)
  }
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const upperCase = fc.string({ unit: fc.constantFrom(...'AΣİIKÅẞǅ\u0301\u0307\u0345\u0323σ.'), maxLength: 12 })
  fc.assert(
    fc.property(fc.oneof(text, upperCase), fc.oneof(text, upperCase, fc.domain()), (local, domain) =>
      again(`${local}@${domain}`),
    ),
  )
})

test('case and blanks around never make a second customer, and the result has the shape of an address', () => {
  const local = fc.stringMatching(/^[a-z0-9.+_-]{1,64}$/)
  fc.assert(
    fc.property(local, fc.domain({ size: 'small' }), (name, domain) => {
      const address = normalizeEmail(`${name}@${domain}`)
      assert.equal(address, `${name}@${domain.toLowerCase()}`)
      assert.equal(normalizeEmail(`\t ${name.toUpperCase()}@${domain.toUpperCase()}\u3000`), address)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const address = normalizeEmail(`${before}@${after}`)
      if (address !== undefined) assert.match(address, /^[^\s@\p{C}]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/u)
    }),
  )
})
