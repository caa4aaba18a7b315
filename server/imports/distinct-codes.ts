import { shortCode } from '../platform/codes.ts'
import { Marks } from './marks.ts'

const places = 2 ** 27

/**
 * Draws short codes that all differ from each other: among a million, two would be alike about every second time. That
 * keeps apart more than it must. After 67 million codes only the database's key decides.
 */
export function distinctCodes(): () => string {
  const drawn = new Marks(places)
  return () => {
    for (;;) {
      const code = shortCode()
      if (!drawn.add(code) || drawn.isFull) return code
    }
  }
}
