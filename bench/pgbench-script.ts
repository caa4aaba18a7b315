import type { Statement } from './recorded-statements.ts'

/**
 * Turns what was recorded of two purchases into a pgbench script for any number of them. A value that is equal in both
 * is written out, and of one that differs the words that are equal. A number that an earlier insert gave back is taken
 * from there. A word that was made up anew, such as a public id or an e-mail, becomes a number drawn for each run.
 *
 * Throws an Error where the two did not send the same statements, or a word can't be told apart.
 */
export function pgbenchScript(one: Statement[], other: Statement[]): string {
  if (one.map(({ text }) => text).join() !== other.map(({ text }) => text).join())
    throw new Error('Two purchases did not send the same statements')
  const pairs = one.map((statement, at) => ({ ...statement, other: other[at] ?? statement }))
  const found: Found = { given: givenNumbers(pairs), drawn: [] }
  const lines = pairs.map(({ text, values, other }, at) => {
    const sql = inOneLine(text).replace(/\$(\d+)/g, (_, place) => {
      const [a, b] = [values[Number(place) - 1] ?? null, other.values[Number(place) - 1] ?? null]
      return a === null || b === null || a === b ? literal(a) : spelled(found, at, a, b)
    })
    return found.given.some((number) => number.at === at) ? `${sql} \\gset s${at}_` : `${sql};`
  })
  const draws = found.drawn.map(
    (_, index) => `\\set drawn${index} random(1${'0'.repeat(digits - 1)}, 9${'0'.repeat(digits - 1)})`,
  )
  return [...draws, ...lines, ''].join('\n')
}

/** pgbench reads lines: what stands behind a comment must not become one. */
function inOneLine(text: string): string {
  return text.replace(/--.*/g, '').replace(/\s+/g, ' ').trim()
}

interface Found {
  given: GivenNumber[]
  drawn: Drawn[]
}

/** A word of the first purchase that stands for one of the second. */
type Drawn = [one: string, other: string]

interface GivenNumber {
  at: number
  column: string
  one: string
  other: string
}

function givenNumbers(pairs: (Statement & { other: Statement })[]): GivenNumber[] {
  return pairs.flatMap(({ text, firstRow, other }, at) => {
    if (!/\binsert into\b/i.test(text)) return []
    return Object.entries(firstRow).flatMap(([name, value]) => {
      const [a, b] = [String(value), String(other.firstRow[name])]
      const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      return typeof value === 'number' && a !== b ? [{ at, column, one: a, other: b }] : []
    })
  })
}

/** The value as SQL that says something new in each run. A JSON text stays one: what separates its words is equal. */
function spelled(found: Found, at: number, one: string, other: string): string {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  const pieces: string[] = []
  let equal = ''
  words.forEach((word, place) => {
    const twin = others[place] ?? ''
    if (word === twin) equal += word
    else {
      if (equal) pieces.push(literal(equal))
      equal = ''
      pieces.push(givenBefore(found.given, at, word, twin) ?? drawnFor(found.drawn, word, twin))
    }
  })
  if (words.length !== others.length) throw new Error(`Can't repeat the value ${one}`)
  if (equal) pieces.push(literal(equal))
  const isJson = /^\[?\{"/.test(one)
  return pieces.length === 1 ? pieces.join() : `(${pieces.join(' || ')})${isJson ? '::jsonb' : ''}`
}

/** Words as they stand in codes, addresses and numbers, and what is between them. */
function wordsOf(text: string): string[] {
  return text.match(/[\w.@-]+|[^\w.@-]+/g) ?? []
}

function givenBefore(given: GivenNumber[], before: number, one: string, other: string): string | undefined {
  const [number, second] = given.filter((known) => known.at < before && known.one === one && known.other === other)
  if (second) throw new Error(`Two statements gave back the number ${one}: which of them is meant can't be told`)
  return number && `:s${number.at}_${number.column}`
}

/** Of a drawn number: as many as pgbench can draw. */
const digits = 18

function drawnFor(drawn: Drawn[], one: string, other: string): string {
  const known = drawn.findIndex(([a, b]) => a === one && b === other)
  if (known < 0) {
    if (/^\d+$/.test(one)) throw new Error(`Where the number ${one} comes from can't be told`)
    drawn.push([one, other])
  }
  const name = `:drawn${known < 0 ? drawn.length - 1 : known}`
  return one.length > digits ? `lpad(${name}, ${one.length}, '0')` : name // some must have their length
}

/** A colon stands escaped, because pgbench takes a word behind one for a variable, in a string too. */
function literal(value: string | null): string {
  if (value === null) return 'null'
  const quoted = value.replaceAll('\\', '\\\\').replaceAll("'", "''")
  return quoted.includes(':') ? `E'${quoted.replaceAll(':', '\\x3a')}'` : `'${value.replaceAll("'", "''")}'`
}
