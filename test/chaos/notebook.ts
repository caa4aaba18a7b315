import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** What buyers and the organiser's people were told, written down before anything else happens. */
export type Note =
  | { kind: 'order'; buyer: number; checkout: string; order: string; code: string }
  | { kind: 'refund'; buyer: number; order: string; key: string; status: number; amount: string | null }
  | { kind: 'end'; buyer: number; how: string }

export interface Notebook {
  write(note: Note): void
  notes: Note[]
}

/** Opens the notebook of an earlier run again; a line that was cut off counts as not written. */
export function openNotebook(path: string): Notebook {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  const notes = text.split('\n').flatMap(readNote)
  return {
    notes,
    write: (note) => {
      notes.push(note)
      appendFileSync(path, `${JSON.stringify(note)}\n`)
    },
  }
}

function readNote(line: string): Note[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}
