import type { Bidi } from 'bidi-js'
import type { Direction, Face } from './faces.ts'

/** A piece of a line that is drawn in one go: one face, one direction. */
export interface Run {
  text: string
  face: Face
  direction: Direction
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const unknown = '\ufffd'

/**
 * The text as it is printed: composed letters, blanks for control characters; without invisible marks, such as those that
 * turn text around. Line feeds stay, and so does what `isolated` adds.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/(?!\u200c|\u200d|[\u2066-\u2069]|[\u{e0020}-\u{e007f}])\p{Cf}/gu, '')
}

/** A part of a sentence whose direction must not change what stands around it: somebody's name, a title. */
export function isolated(text: string): string {
  return `\u2068${text.replace(/[\u2066-\u2069]/g, '')}\u2069`
}

/**
 * The runs of one printable line from left to right, as Unicode's bidirectional algorithm orders them. A letter that no
 * face has becomes U+FFFD.
 */
export function visualRuns(line: string, faces: Face[], bidi: Bidi): Run[] {
  const levels = bidi.getEmbeddingLevels(line)
  const mirrored = bidi.getMirroredCharactersMap(line, levels.levels)
  const runs: (Run & { level: number })[] = []
  const runAt: number[] = []
  for (const { segment, index } of graphemes.segment(line)) {
    if (/^[\u2066-\u2069]$/.test(segment)) continue
    const level = levels.levels[index] ?? 0
    const last = runs.at(-1)
    const letter = mirrored.get(index) ?? segment
    const face = faceOf(letter, faces, last?.face)
    const text = face ? letter : unknown
    const run = {
      text,
      face: face ?? first(faces),
      direction: level % 2 === 1 ? ('rtl' as const) : ('ltr' as const),
      level,
    }
    if (last && last.level === level && last.face === run.face) last.text += text
    else runs.push(run)
    for (let unit = 0; unit < segment.length; unit++) runAt[index + unit] = runs.length - 1
  }
  const order = new Set(bidi.getReorderedIndices(line, levels).map((index) => runAt[index]))
  return [...order].flatMap((index) => runs[index ?? -1] ?? [])
}

const joiners = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0020}-\u{e007f}]/gu

/** The first face that has the whole letter with its marks, else its first sign; blanks stay in the face before them. */
function faceOf(letter: string, faces: Face[], before: Face | undefined): Face | undefined {
  const signs = [...letter.replace(joiners, '')].map((sign) => sign.codePointAt(0) ?? 0)
  if (before && !isForEmoji(before) && /^\s$/u.test(letter) && signs.every(before.has)) return before
  const isEmoji = letter.includes('\ufe0f') || /^\p{Emoji_Presentation}/u.test(letter)
  const candidates = isEmoji ? faces.toSorted((a, b) => Number(isForEmoji(b)) - Number(isForEmoji(a))) : faces
  return candidates.find((face) => signs.every(face.has)) ?? candidates.find((face) => face.has(signs[0] ?? 0))
}

function isForEmoji(face: Face): boolean {
  return face.name.startsWith('NotoEmoji')
}

function first(faces: Face[]): Face {
  const [face] = faces
  if (!face) throw new RangeError('there is no face')
  return face
}
