import { isUtf8 } from 'node:buffer'

const maxLineBytes = 1_000_000
const newline = 10

export type Line = { number: number; text: string } | { number: number; problem: string }

/**
 * The lines of a file as it streams in, in bunches, numbered from 1; blank ones are left out. Keeps no more in memory
 * than one line of a megabyte, the most that a line may have, and the chunk at hand.
 */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let number = 0
  let rest = Buffer.alloc(0)
  let isOverlong = false
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(newline)
    if (end >= 0) {
      const texts = readTexts(bytes.subarray(0, end))
      if (isOverlong) texts[0] = undefined
      yield numbered(texts, number)
      number += texts.length
      isOverlong = false
    }
    rest = bytes.subarray(end + 1)
    if (rest.length > maxLineBytes) isOverlong = true
    if (isOverlong) rest = Buffer.alloc(0)
  }
  if (rest.length > 0 || isOverlong) yield numbered(isOverlong ? [undefined] : readTexts(rest), number)
}

/** undefined stands for a line that is too long, null for one that is not UTF-8. */
function readTexts(bytes: Buffer): (string | null | undefined)[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split('\n')
  const texts: (string | null)[] = []
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(newline, start)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(start, end)
    texts.push(isUtf8(line) ? line.toString('utf8') : null)
    start = end + 1
  }
  return texts
}

function numbered(texts: (string | null | undefined)[], before: number): Line[] {
  const lines: Line[] = []
  texts.forEach((text, index) => {
    const number = before + index + 1
    if (text === null) lines.push({ number, problem: 'is not UTF-8' })
    else if (text === undefined || text.length > maxLineBytes) lines.push({ number, problem: 'is longer than 1 MB' })
    else if (text.trim() !== '') lines.push({ number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text })
  })
  return lines
}
