import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { Bidi } from 'bidi-js'
import { loadFaces } from './faces.ts'
import { openPaper, type Paper, type Style } from './paper.ts'
import { isolated, printable, visualRuns } from './text-runs.ts'

const open = () =>
  openPaper({ title: 'Test', author: 'Foyer', locale: 'en', createdAt: new Date('2026-04-22T12:34:50Z') })
const plain: Style = { size: 12 }

/** The lines that a reader's program finds in the file, without marks of direction. */
async function readBack(paper: Paper): Promise<string[]> {
  const text = execFileSync('pdftotext', ['-', '-'], { input: await paper.finish(), encoding: 'utf8' })
  return text.split('\n').map(comparable)
}

function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\f]/g, '')
    .trim()
}

const names = {
  Latin: 'Zoë Müller-Østergård',
  Polish: 'Łukasz Żółć',
  Vietnamese: 'Nguyễn Thị Ánh',
  Greek: 'Ελένη Παπαδοπούλου',
  Cyrillic: 'Юлия Щербакова',
  Arabic: 'محمد عبد الله',
  'Arabic with a ligature': 'سلام لا إله',
  Hebrew: 'שלום עליכם',
  'Hebrew around an emoji': 'יוסי 🎉 כהן',
  'Arabic digits': 'Gate ١٢٣',
  'Persian digits': 'Gate ۴۵۶',
  Chinese: '王小明',
  Japanese: '山田たろう アリス',
  Korean: '김민준',
  Thai: 'สมชาย ใจดี',
  Georgian: 'გიორგი მაისურაძე',
  Armenian: 'Արամ Խաչատրյան',
  Devanagari: 'नमस्ते',
  emoji: 'Jane 🎉 Doe 😀❤',
  'an emoji of several parts': '👩🏽‍🚀 Mae',
}
for (const [script, name] of Object.entries(names)) {
  test(`${script}: a name is read back as it went in, at the left, at the right, and in bold`, async () => {
    const paper = await open()
    paper.write('Invoice 2026-00001 for the following', { x: 40, y: 40 }, plain)
    paper.write(name, { x: 40, y: 80 }, plain)
    paper.write(name, { x: 550, y: 120, align: 'right' }, plain)
    paper.write(name, { x: 300, y: 160, align: 'center' }, { size: 20, bold: true, color: '#333333' })

    const lines = await readBack(paper)

    assert.deepEqual(
      lines.filter((line) => line !== '' && !line.startsWith('Invoice')),
      [name, name, name].map(comparable),
    )
  })
}

test('a letter that no font has is shown as unknown, and what is around it stays', async () => {
  const paper = await open()
  paper.write('Anna \u{1d573} Bauer', { x: 40, y: 40 }, plain)
  assert.equal((await readBack(paper))[0], 'Anna \ufffd Bauer')
})

test('control characters, marks that turn text around and broken letters do no harm', async () => {
  const paper = await open()
  paper.write('pay\u202e\u0000\ud800\u00adload\nnext', { x: 40, y: 40 }, plain)
  assert.equal((await readBack(paper))[0], 'pay \ufffdload next')
})

test('composed letters read back as themselves beside the letters that they are made of', async () => {
  const paper = await open()
  const text = 'Thị Thi Hạ Ha Élan Elan Peña Pena Eﬁ Efi Ayşe Ayse'
  paper.write(text, { x: 40, y: 40 }, plain)
  assert.equal((await readBack(paper))[0], comparable(text))
})

test('a letter reads back as itself where another document has used its shape for another', async () => {
  for (const text of ['Nano 1 µm', 'Nano 1 μm']) {
    const paper = await open()
    paper.write(text, { x: 40, y: 40 }, plain)
    const back = execFileSync('pdftotext', ['-', '-'], { input: await paper.finish(), encoding: 'utf8' })
    assert.equal(back.split('\n')[0], text)
  }
})

test('a name in the middle of a sentence turns nothing around but itself', async () => {
  const { default: makeBidi } = await import('bidi-js')
  const bidi = (makeBidi as unknown as () => Bidi)() // a CommonJS module whose types speak of an ES module
  const faces = await loadFaces('400Regular')
  const shown = (text: string) => visualRuns(printable(text), faces, bidi).map((run) => run.text.trim())

  assert.deepEqual(shown(`Event: ${isolated('عيد 5')}, 1 June`), ['Event:', '5', 'عيد', ', 1 June'])
  assert.deepEqual(shown('Event: عيد 5, 1 June').at(-1), 'June')
  assert.deepEqual(shown(`By ${isolated('\u202ejane\u2066')}, Berlin`), ['By', 'jane', ', Berlin'])
})

test('lines are broken between words, in Chinese and Thai too, and a word that is too long anywhere', async () => {
  const paper = await open()
  const wrap = (text: string, width: number) => paper.wrap(text, width, plain)
  assert.deepEqual(wrap('Kulturverein am Ufer\nUferstraße 12', 100), ['Kulturverein am', 'Ufer', 'Uferstraße 12'])
  assert.deepEqual(wrap('', 90), [''])
  assert.deepEqual(wrap('one  two', 500), ['one  two'])
  for (const text of [
    '北京市朝阳区建国路一百号大厦',
    'สมชายใจดีอยู่ที่นี่',
    'Donaudampfschifffahrtsgesellschaft',
    'محمد عبد الله بن أحمد',
  ]) {
    const lines = wrap(text, 60)
    assert.ok(lines.length > 1, text)
    assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
    for (const line of lines) assert.ok(paper.widthOf(line, plain) <= 61, line)
  }
})

test('ten thousand letters in one word are broken in less than five seconds', async () => {
  const paper = await open()
  const begun = performance.now()
  const lines = paper.wrap('x'.repeat(10_000), 500, plain)
  assert.ok(performance.now() - begun < 5000)
  assert.equal(lines.join('').length, 10_000)
})
