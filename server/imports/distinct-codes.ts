import { shortCode } from '../platform/codes.ts'

const bits = 2 ** 27
const mostMarks = bits / 2

/**
 * Draws short codes that all differ from each other: among a million, two would be alike about every second time. Each
 * code leaves a mark at a place of its own among 2^27; where one is already, another code is drawn. That keeps apart
 * more than it must, in 16 MB whatever the number. After 67 million codes it forgets; then the database's key decides.
 */
export function distinctCodes(): () => string {
  const marks = new Uint32Array(bits / 32)
  let count = 0
  return () => {
    if (count === mostMarks) {
      marks.fill(0)
      count = 0
    }
    for (;;) {
      const code = shortCode()
      const place = placeOf(code)
      const word = marks[place >>> 5] ?? 0
      const bit = 1 << (place & 31)
      if ((word & bit) !== 0) continue
      marks[place >>> 5] = word | bit
      count += 1
      return code
    }
  }
}

function placeOf(code: string): number {
  let hash = 0
  for (let i = 0; i < code.length; i++) hash = (Math.imul(hash, 0x01000193) ^ code.charCodeAt(i)) >>> 0
  return hash % bits
}
