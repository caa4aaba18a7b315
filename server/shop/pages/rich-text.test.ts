import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from '../../platform/html.ts'
import { plainText, richText } from './rich-text.ts'

test('what is put into a page is text, unless it is markup of our own', () => {
  const text = '<b>"Tom" & \'Ann\'</b>'
  assert.equal(html`<p title="${text}">${html`<i>${text}</i>`}</p>`.text.includes('<b>'), false)
  assert.equal(html`${[html`<li>1</li>`, html`<li>2</li>`]}`.text, '<li>1</li><li>2</li>')
  assert.equal(html`Thanks!${'<b>'}`.text, 'Thanks!&#60;b&#62;', 'no mark in the text around it lets markup through')
  assert.equal(html`${null}${undefined}${false}${0}`.text, '0')
  assert.equal(html`${'a\u0007b\u202ec'}`.text, 'a\ufffdb\ufffdc')
})

test('plain text becomes paragraphs, with its line breaks', () => {
  assert.equal(richText('One\ntwo\n\nthree < four & five').text, '<p>One<br>two</p><p>three &#60; four &#38; five</p>')
})

test('markup keeps what is on the list and loses the rest', () => {
  const written = `<h1 onclick="x()">Big</h1><p style="color:red">Hi <b>you</b><script>x()</script><img src=x onerror=x()></p>
    <a href="javascript:x()">bad</a><a href="https://example.com" target=_top>good</a><iframe src="/"></iframe>`
  const { text } = richText(written)
  assert.doesNotMatch(text, /script|onclick|onerror|style|iframe|target|img/)
  assert.match(text, /<h3>Big<\/h3>/)
  assert.match(text, /<a href="https:\/\/example\.com" rel="nofollow noopener">good<\/a>/)
})

test('a summary is one line of text', () => {
  assert.equal(plainText('<p>Tom &amp; Ann</p><p>play</p>', 100), 'Tom & Ann play')
  assert.equal(plainText('a'.repeat(300), 160).length, 160)
})
