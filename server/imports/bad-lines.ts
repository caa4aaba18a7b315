import { Refusal } from '../platform/refusal.ts'

export interface BadLine {
  /** Counted from 1, blank lines too, as an editor shows it. */
  line: number
  reason: string
}

const shown = 100

/** The bad lines of a file: the first hundred with their reasons, and how many there are in all. */
export class BadLines {
  readonly first: BadLine[] = []
  total = 0

  add(line: number, reason: string): void {
    this.total += 1
    if (this.first.length < shown) this.first.push({ line, reason })
  }
}

/** A file with bad lines is refused whole: `badLines` are the first hundred, `total` counts them all. */
export class ImportRefused extends Refusal {
  readonly badLines: BadLine[]
  readonly total: number

  constructor({ first, total }: BadLines) {
    const lines = first.map(({ line, reason }) => `line ${line}: ${reason}`)
    const rest = total > first.length ? [`and ${total - first.length} more`] : []
    const headline = `Nothing was imported: ${total === 1 ? '1 line is' : `${total} lines are`} bad`
    const body = { error: [headline, ...lines, ...rest].join('\n'), bad_lines: first, bad_line_count: total }
    super(422, body)
    this.badLines = first
    this.total = total
  }
}
