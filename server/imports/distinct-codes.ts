import { shortCode } from '../platform/codes.ts'
import { Marks } from './marks.ts'

const places = 2 ** 27

/** Draws a short code that begins so. */
export type DrawCode = (beginning?: string) => string

/**
 * Draws short codes that all differ from each other: among a million, two would be alike about every second time. That
 * keeps apart more than it must. After 67 million codes only the database's key decides.
 */
export function distinctCodes(): DrawCode {
  const drawn = new Marks(places, 1)
  return (beginning) => {
    for (;;) {
      const code = shortCode(beginning)
      if (!drawn.add(code) || drawn.isFull) return code
    }
  }
}
