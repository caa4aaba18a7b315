/** A column as the driver describes it. */
export interface Column {
  name: string
  type: number
  parser?: ((text: string) => unknown) | undefined
}

/** How rows stand in a text. */
export interface Marks {
  row: string
  cell: string
  nothing: string
}

const boolean = 16

/**
 * Reads rows that PostgreSQL wrote into one text: far faster than cell by cell off the wire. `decode` undoes what was
 * done to a cell so that it holds no marks.
 */
export function rowReader<Row extends object>(
  columns: readonly Column[],
  marks: Marks,
  decode: (cell: string) => string = (cell) => cell,
): (text: string) => Row[] {
  const parsers = columns.map(({ type, parser }) => (type === boolean ? isTrue : parser))
  return (text) =>
    text.split(marks.row).map((line) => {
      const row: Record<string, unknown> = {}
      let place = 0
      for (const cell of line.split(marks.cell)) {
        const parse = parsers[place]
        row[columns[place]?.name ?? ''] = cell === marks.nothing ? null : parse ? parse(decode(cell)) : decode(cell)
        place += 1
      }
      return row as Row // as the caller knows the statement
    })
}

/** "t" on the wire, "true" as text. */
function isTrue(text: string): boolean {
  return text.startsWith('t')
}
