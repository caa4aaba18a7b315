const words = new Intl.Segmenter('und', { granularity: 'word' })
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Scripts that are written without blanks between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/**
 * Breaks a text into lines of at most `width`: at line feeds, behind blanks and hyphens, between words of scripts without
 * blanks; a word that is too long for a line of its own is broken anywhere. Blanks at a line's ends are left out.
 */
export function breakLines(text: string, width: number, measure: (piece: string) => number): string[] {
  const widths = new Map<string, number>()
  const widthOf = (piece: string) => {
    const known = widths.get(piece) ?? measure(piece)
    widths.set(piece, known)
    return known
  }
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    let used = 0
    const put = (piece: string) => {
      const needed = widthOf(piece.trimEnd())
      if (used > 0 && used + needed > width) {
        lines.push('')
        used = 0
      }
      lines[lines.length - 1] += piece
      used += needed + (piece.trimEnd() === piece ? 0 : widthOf(' '))
    }
    for (const piece of piecesOf(paragraph)) for (const part of partsOf(piece, width, widthOf)) put(part)
    return lines.map((line) => line.trim())
  })
}

/** What stays together on a line, with the blanks behind it. */
function piecesOf(paragraph: string): string[] {
  const pieces: string[] = []
  let last = ''
  for (const { segment } of words.segment(paragraph.trim())) {
    const mayBreak = /[\s-]$/u.test(last)
      ? !/^\s/u.test(segment)
      : unspaced.test(last) && /^[\p{L}\p{N}]/u.test(segment)
    if (pieces.length === 0 || mayBreak) pieces.push(segment)
    else pieces[pieces.length - 1] += segment
    last = segment
  }
  return pieces
}

function partsOf(piece: string, width: number, widthOf: (piece: string) => number): string[] {
  return widthOf(piece.trimEnd()) <= width ? [piece] : [...graphemes.segment(piece)].map(({ segment }) => segment)
}
