import { copyIn } from '../platform/copy.ts'
import type { Tx } from '../platform/database.ts'
import { copyInto, type Table } from './queries.ts'
import { refuse } from './refusals.ts'
import { startTally } from './tally.ts'
import type { TableEnd, TableHeader, TextEnd, TextReader } from './text.ts'

type Progress = ((table: string, rows: number) => void) | undefined

/**
 * Loads the tables of these names, all that the text holds, into the tables that are here. Throws a Refusal where one
 * is missing or has other columns, or where the text is not what was once written.
 */
export async function loadTables(
  tx: Tx,
  names: string[],
  tables: Table[],
  text: TextReader,
  onProgress: Progress,
): Promise<TextEnd> {
  const total = { tables: 0, rows: 0 }
  for (const name of names) {
    const { table, columns } = await text.json<TableHeader>()
    const target = tables.find((one) => one.name === table)
    if (table !== name || !target || target.columns.join() !== columns.join())
      throw refuse(`The backup does not fit: table ${name} has other columns here. Nothing was changed.`)
    total.rows += await loadTable(tx, target, text, onProgress)
    total.tables++
  }
  const end = await text.json<TextEnd>()
  if (end.tables !== total.tables || end.rows !== total.rows) throw refuse(contradiction)
  return total
}

async function loadTable(tx: Tx, table: Table, text: TextReader, onProgress: Progress): Promise<number> {
  const tally = startTally()
  await copyIn(tx, copyInto(table), passing())
  const end = await text.json<TableEnd>()
  if (end.rows !== tally.rows || end.sha256 !== tally.sha256()) throw refuse(contradiction)
  return tally.rows

  async function* passing(): AsyncGenerator<Buffer> {
    for await (const lines of text.rows()) {
      tally.add(lines)
      yield lines
      onProgress?.(table.name, tally.rows)
    }
  }
}

const contradiction = 'The backup contradicts itself; nothing was changed. Take an older one.'
