import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** Where every change is written down, so that a bank that was killed opens again with the same books. */
export interface Journal {
  write(line: JournalLine): void
}

/** The records of one kind, oldest first. They are never changed in place: a change puts a new one in the old one's stead. */
export interface Shelf<T extends { id: string }> {
  get(id: string): T | undefined
  put(record: T): T
  remove(id: string): void
  all(): T[]
  /** Puts back what the journal holds. */
  restore(line: JournalLine): void
}

export function makeShelf<T extends { id: string }>(account: string, name: string, journal: Journal): Shelf<T> {
  const records = new Map<string, T>()
  return {
    get: (id) => records.get(id),
    put: (record) => {
      records.set(record.id, record)
      journal.write({ account, shelf: name, record })
      return record
    },
    remove: (id) => {
      records.delete(id)
      journal.write({ account, shelf: name, record: { id }, gone: true })
    },
    all: () => [...records.values()],
    restore: ({ record, gone }) => {
      // The shelf wrote these lines itself, under its own name.
      if (gone) records.delete(record.id)
      else records.set(record.id, record as T)
    },
  }
}

export interface JournalLine {
  account: string
  shelf: string
  record: { id: string }
  gone?: boolean
}

/** A journal in the file at `path`; without one nothing outlives the process. */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { write: () => {} }
  return {
    write: (line) => {
      appendFileSync(path, `${JSON.stringify(line)}\n`)
    },
  }
}

/** Everything written so far, oldest first. The last line may be half, if the process was killed while it wrote. */
export function readJournal(path: string | undefined): JournalLine[] {
  if (path === undefined || !existsSync(path)) return []
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => JSON.parse(line))
}
