import type { Statement } from './recorded-statements.ts'

/**
 * Turns what was recorded of two purchases into a pgbench script for any number of them. A value that is equal in both
 * is written out. An id that an earlier statement gave back is taken from there. Text that was made up anew, such as a
 * public id or an e-mail, becomes a number drawn for each run.
 *
 * Throws an Error where the two did not send the same statements, or a value can't be told apart.
 */
export function pgbenchScript(one: Statement[], other: Statement[]): string {
  if (one.map(({ text }) => text).join() !== other.map(({ text }) => text).join())
    throw new Error('Two purchases did not send the same statements')
  const pairs = one.map((statement, at) => ({ ...statement, other: other[at] ?? statement }))
  const ids = returnedIds(pairs)
  const drawn: Drawn[] = []
  const lines = pairs.map(({ text, values, other }, at) => {
    const sql = text.replace(/\s+/g, ' ').replace(/\$(\d+)/g, (_, place) => {
      const [a, b] = [values[Number(place) - 1] ?? null, other.values[Number(place) - 1] ?? null]
      return a === b ? literal(a) : (idFrom(ids, at, a, b) ?? drawnText(drawn, a ?? '', b ?? ''))
    })
    return ids.some((id) => id.at === at) ? `${sql} \\gset s${at}_` : `${sql};`
  })
  const draws = drawn.map((_, index) => `\\set drawn${index} random(100000000000000000, 900000000000000000)`)
  return [...draws, ...lines, ''].join('\n')
}

/** A text of the first purchase that stands for one of the second. */
type Drawn = [one: string, other: string]

interface ReturnedId {
  at: number
  one: string
  other: string
}

function returnedIds(pairs: (Statement & { other: Statement })[]): ReturnedId[] {
  return pairs.flatMap(({ text, firstRow, other }, at) => {
    const id = firstRow.id
    const isNew = /^\s*insert/i.test(text) && id !== undefined && id !== other.firstRow.id
    return isNew ? [{ at, one: String(id), other: String(other.firstRow.id) }] : []
  })
}

function idFrom(ids: ReturnedId[], before: number, one: string | null, other: string | null): string | undefined {
  const [found, second] = ids.filter((id) => id.at < before && id.one === one && id.other === other)
  if (second) throw new Error(`Two statements gave back the id ${one}: which of them is meant can't be told`)
  return found && `:s${found.at}_id`
}

/**
 * The text with what differs between both replaced: by numbers that were drawn for the same differences before, else by
 * a new one. In a JSON text only the differing string is replaced, and so it stays JSON.
 */
function drawnText(drawn: Drawn[], one: string, other: string): string {
  const isSpelled = () => drawn.reduce((text, [a, b]) => text.replaceAll(a, b), one) === other
  while (!isSpelled()) {
    const found: Drawn = isJson(one) ? [firstDifference(one, other), firstDifference(other, one)] : [one, other]
    if (found[0] === '' || drawn.some(([a]) => a === found[0])) throw new Error(`Can't repeat the value ${one}`)
    drawn.push(found)
  }
  const marked = drawn.reduce((text, [a], index) => text.replaceAll(a, `\0${index}\0`), one)
  const pieces = marked.split('\0').map((piece, at) => (at % 2 === 1 ? `:drawn${piece}` : piece && literal(piece)))
  const whole = pieces.filter(Boolean).join(' || ')
  return isJson(one) ? `(${whole})::jsonb` : `(${whole})`
}

/** The quoted string in a JSON text that the other text does not have, without its quotes. */
function firstDifference(text: string, other: string): string {
  return (
    [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '').find((part) => !other.includes(`"${part}"`)) ?? ''
  )
}

function isJson(text: string): boolean {
  return text.startsWith('{"')
}

/** A colon stands escaped, because pgbench takes a word behind one for a variable, in a string too. */
function literal(value: string | null): string {
  if (value === null) return 'null'
  const quoted = value.replaceAll('\\', '\\\\').replaceAll("'", "''")
  return quoted.includes(':') ? `E'${quoted.replaceAll(':', '\\x3a')}'` : `'${value.replaceAll("'", "''")}'`
}
