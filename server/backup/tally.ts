import { createHash } from 'node:crypto'

/** Lines that pass, counted and fingerprinted. */
export interface Tally {
  rows: number
  add(lines: Buffer): void
  /** Of all lines so far; nothing can be added after. */
  sha256(): string
}

const newline = 10

export function startTally(): Tally {
  const hash = createHash('sha256')
  const tally: Tally = {
    rows: 0,
    add: (lines) => {
      hash.update(lines)
      for (let at = lines.indexOf(newline); at >= 0; at = lines.indexOf(newline, at + 1)) tally.rows++
    },
    sha256: () => hash.digest('hex'),
  }
  return tally
}
