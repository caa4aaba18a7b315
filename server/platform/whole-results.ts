const dataRow = 68 // D
const errorResponse = 69 // E
/** Commands that ended, parts of results, empty queries: C, s, I. */
const ends = new Set([67, 115, 73])
const headerLength = 5
const none: Buffer = Buffer.alloc(0)

/**
 * Holds the rows of a result back until PostgreSQL has said that there are no more. Where it says instead that the query
 * failed, or nothing any more, the driver would put that many empty rows before those of the next query on this
 * connection (porsager/postgres#1119, #1181): a row that is there would look as if it were not.
 *
 * Returns what takes the server's bytes, in any pieces, and hands on those that the driver may see.
 */
export function wholeResults(handOn: (bytes: Buffer) => void): (bytes: Buffer) => void {
  let part = none
  let rows: Buffer[] = []
  return (bytes) => {
    const text = part.length > 0 ? Buffer.concat([part, bytes]) : bytes
    let [from, at] = [0, 0]
    for (let next = endOf(text, at); next !== undefined; next = endOf(text, at)) {
      const type = text[at] ?? 0
      if (type === dataRow && rows.length === 0) {
        if (at > from) handOn(text.subarray(from, at))
        rows = [none]
        from = at
      } else if (rows.length > 0 && (ends.has(type) || type === errorResponse)) {
        if (type !== errorResponse)
          for (const held of [...rows, text.subarray(from, at)]) if (held.length > 0) handOn(held)
        rows = []
        from = at
      }
      at = next
    }
    if (rows.length > 0) rows.push(text.subarray(from, at))
    else if (at > from) handOn(text.subarray(from, at))
    part = text.subarray(at)
  }
}

/** Where the message that begins at `at` ends; undefined while it is not whole. */
function endOf(text: Buffer, at: number): number | undefined {
  if (at + headerLength > text.length) return undefined
  const end = at + 1 + text.readInt32BE(at + 1)
  return end <= text.length ? end : undefined
}
