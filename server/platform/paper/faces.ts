import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Font } from 'fontkit'

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

/** The faces of one document: a fontkit font remembers what its letters stood for, so no two documents share one. */
export async function loadFaces(weight: Weight): Promise<Face[]> {
  const { create } = await import('fontkit')
  return families.map(([folder, file]) => {
    let font: DirectedFont | undefined
    const open = () => {
      const path = resolve(`@expo-google-fonts/${folder}/${weight}/${file}_${weight}.ttf`)
      font ??= withDirection(create(readFileSync(path)) as Font, file === 'NotoSans') // none of these files is a collection of fonts
      return font
    }
    return { name: `${file}-${weight}`, has: (codePoint) => open().hasGlyphForCodePoint(codePoint), font: open }
  })
}

/**
 * Composed letters stay whole where the font would put them together from a letter and a mark (`ị` from `i`): in the
 * file a piece stands for one text only, and copying would give `i` for both or `ị` for both.
 */
function withDirection(font: Font, keepsComposed: boolean): DirectedFont {
  const directed: DirectedFont = Object.assign(Object.create(font), { direction: 'ltr' })
  const features = keepsComposed ? { ccmp: false } : undefined
  directed.layout = (text) => font.layout(text, features, undefined, undefined, directed.direction)
  return directed
}
