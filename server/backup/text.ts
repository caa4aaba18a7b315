import type { Migration, Sequence } from './queries.ts'

/**
 * The text inside a backup, which `zstd -dc FILE` shows:
 *
 *     {"foyer_backup":1,"created_at":…,"migrations":[…],"sequences":[…],"tables":["accounts",…]}
 *     {"table":"accounts","columns":["id","name",…]}
 *     1	Kulturhaus am Ufer	…            the rows, as COPY writes text
 *     \.
 *     {"rows":1,"sha256":"…"}             of the lines between
 *     … and so on for each table
 *     {"tables":20,"rows":1234567}
 */
export const endOfRows = '\\.\n'
const endMark = Buffer.from(endOfRows)

export interface Header {
  foyer_backup: 1
  created_at: string
  foyer_version: string
  migrations: Migration[]
  sequences: Sequence[]
  tables: string[]
}

export interface TableHeader {
  table: string
  columns: string[]
}

export interface TableEnd {
  rows: number
  sha256: string
}

export interface TextEnd {
  tables: number
  rows: number
}

export const jsonLine = (value: Header | TableHeader | TableEnd | TextEnd) => `${JSON.stringify(value)}\n`

export interface TextReader {
  /** The next line, which is JSON. */
  json<Line>(): Promise<Line>
  /** The lines up to the end of rows, in chunks of whole lines. */
  rows(): AsyncGenerator<Buffer>
}

/** Reads the text, however it is cut into chunks. Throws where it ends before it should. */
export function readText(chunks: AsyncIterator<Buffer>): TextReader {
  let rest: Buffer = Buffer.alloc(0)
  const readOn = async () => {
    const { done, value } = await chunks.next()
    if (done) throw new Error('The backup ends in the middle.')
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }
  const take = (length: number) => {
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    return taken
  }
  return {
    async json<Line>() {
      while (!rest.includes('\n')) await readOn()
      return JSON.parse(take(rest.indexOf('\n') + 1).toString()) as Line // the envelope proves that writeBackup wrote it
    },
    async *rows() {
      while (!rest.subarray(0, endMark.length).equals(endMark)) {
        const end = rest.indexOf(`\n${endOfRows}`)
        const whole = end < 0 ? rest.lastIndexOf('\n') + 1 : end + 1
        if (whole > 0) yield take(whole)
        else await readOn()
      }
      take(endMark.length)
    },
  }
}
