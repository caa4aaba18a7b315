import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Font, GlyphRun } from 'fontkit'

export type Weight = '400Regular' | '700Bold'

/** A font that knows some of the world's letters. Its file is read when the first letter that needs it comes. */
export interface Face {
  name: string
  has(codePoint: number): boolean
  font(): DirectedFont
}

/** pdfkit asks its font to lay out a text, but can't say in which direction to: that is told before. */
export type DirectedFont = Font & { direction: Direction }
export type Direction = 'ltr' | 'rtl'

/** In the order in which they are asked for a letter. Whoever adds one bundles the package of that name. */
const families = [
  ['noto-sans', 'NotoSans'],
  ['noto-sans-arabic', 'NotoSansArabic'],
  ['noto-sans-hebrew', 'NotoSansHebrew'],
  ['noto-sans-georgian', 'NotoSansGeorgian'],
  ['noto-sans-armenian', 'NotoSansArmenian'],
  ['noto-sans-thai', 'NotoSansThai'],
  ['noto-emoji', 'NotoEmoji'],
  ['noto-sans-sc', 'NotoSansSC'],
  ['noto-sans-kr', 'NotoSansKR'],
] as const

const { resolve } = createRequire(import.meta.url)

/** Fonts that were opened once: to read their tables takes far longer than to write a page. */
const opened = new Map<string, Font>()

/** The faces of one document. */
export async function loadFaces(weight: Weight): Promise<Face[]> {
  const { create } = await import('fontkit')
  const open = (path: string) => {
    const font = opened.get(path) ?? (create(readFileSync(path)) as Font) // none of these files is a collection of fonts
    opened.set(path, font)
    return font
  }
  return families.map(([folder, file]) => {
    const path = resolve(`@expo-google-fonts/${folder}/${weight}/${file}_${weight}.ttf`)
    let font: DirectedFont | undefined
    return {
      name: `${file}-${weight}`,
      has: (codePoint) => open(path).hasGlyphForCodePoint(codePoint),
      font: () => {
        font ??= copyOf(open(path), file === 'NotoSans')
        return font
      },
    }
  })
}

/**
 * A font for one document, over the tables that all share. fontkit keeps with each shape the text that it stood for first:
 * that must not come from another document. Composed letters stay whole where the font would put them together from a
 * letter and a mark (`ị` from `i`): else copying from the file would give `i` for both, or `ị`.
 */
function copyOf(font: Font, keepsComposed: boolean): DirectedFont {
  const copy: DirectedFont = Object.assign(Object.create(font), { direction: 'ltr', _glyphs: {} }) // where fontkit keeps them
  const features = keepsComposed ? { ccmp: false } : undefined
  const known = new Map<string, GlyphRun>()
  copy.layout = (text) => {
    const key = copy.direction + text
    const run = known.get(key) ?? font.layout.call(copy, text, features, undefined, undefined, copy.direction)
    known.set(key, run)
    // pdfkit lays out a text several times, and scales what it is given.
    return Object.assign(Object.create(run), { positions: run.positions.map((position) => ({ ...position })) })
  }
  return copy
}
