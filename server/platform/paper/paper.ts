import type { Bidi } from 'bidi-js'
import { type Face, loadFaces } from './faces.ts'
import { breakLines } from './line-breaks.ts'
import { printable, type Run, visualRuns } from './text-runs.ts'

/** Sizes and places are in points, 72 an inch, counted from the page's upper left corner. */
export interface Style {
  size: number
  bold?: boolean
  color?: string
}

/** A PDF in the making that writes text of any script. Lines, pictures and pages are pdfkit's own, by `doc`. */
export interface Paper {
  doc: PDFKit.PDFDocument
  widthOf(text: string, style: Style): number
  /** Writes one line, its baseline at `y`; `x` is its left end, its right end or its middle, as `align` says. */
  write(text: string, at: { x: number; y: number; align?: 'left' | 'right' | 'center' }, style: Style): void
  /** The lines that the text takes in such a width. */
  wrap(text: string, width: number, style: Style): string[]
  /** The whole file. Nothing can be written after it. */
  finish(): Promise<Buffer>
}

export interface PaperOptions {
  title: string
  author: string
  locale: 'en' | 'de'
  createdAt: Date
  /** A4 unless told otherwise. */
  size?: [width: number, height: number]
}

/** Opens a document with its first page. pdfkit and the fonts are loaded at the first call: they take time and memory. */
export async function openPaper({ title, author, locale, createdAt, size }: PaperOptions): Promise<Paper> {
  const [{ default: PDFDocument }, bidi, regular, bold] = await Promise.all([
    import('pdfkit'),
    loadBidi(),
    loadFaces('400Regular'),
    loadFaces('700Bold'),
  ])
  const doc = new PDFDocument({
    size: size ?? 'A4',
    margin: 0,
    // None to begin with: pdfkit would read its own Helvetica for every document.
    font: '',
    bufferPages: true,
    lang: locale,
    displayTitle: true,
    info: { Title: printable(title), Author: printable(author), CreationDate: createdAt },
  })
  return paperOf(doc, bidi, (style) => (style.bold ? bold : regular))
}

let bidi: Bidi | undefined

/** It reads its tables once. */
async function loadBidi(): Promise<Bidi> {
  const { default: makeBidi } = await import('bidi-js')
  bidi ??= (makeBidi as unknown as () => Bidi)() // a CommonJS module whose types speak of an ES module
  return bidi
}

function paperOf(doc: PDFKit.PDFDocument, bidi: Bidi, facesOf: (style: Style) => Face[]): Paper {
  const runsOf = (text: string, style: Style) =>
    visualRuns(printable(text).replaceAll('\n', ' '), facesOf(style), bidi).map((run) => {
      choose(doc, run, style)
      return { run, width: doc.widthOfString(run.text, whole) }
    })
  const widthOf = (text: string, style: Style) => runsOf(text, style).reduce((sum, { width }) => sum + width, 0)

  return {
    doc,
    widthOf,
    write(text, { x, y, align = 'left' }, style) {
      const runs = runsOf(text, style)
      const width = runs.reduce((sum, run) => sum + run.width, 0)
      let left = x - (align === 'right' ? width : align === 'center' ? width / 2 : 0)
      for (const { run, width } of runs) {
        choose(doc, run, style)
        doc.fillColor(style.color ?? 'black').text(run.text, left, y, { ...whole, baseline: 'alphabetic' })
        left += width
      }
    },
    wrap: (text, width, style) => breakLines(printable(text), width, (piece) => widthOf(piece, style)),
    finish: () => collect(doc),
  }
}

/** The features are none, but named: then pdfkit lays out the run as a whole instead of word by word. */
const whole = { lineBreak: false, features: [] } satisfies PDFKit.Mixins.TextOptions

function choose(doc: PDFKit.PDFDocument, { face, direction }: Run, { size }: Style): void {
  const font = face.font()
  font.direction = direction
  doc.font(font as unknown as PDFKit.Mixins.PDFFontSource, face.name, size) // pdfkit takes fontkit's fonts, its types don't know
}

async function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  doc.end()
  const chunks: Buffer[] = []
  for await (const chunk of doc) chunks.push(chunk as Buffer) // what a document without an encoding reads as
  return Buffer.concat(chunks)
}
