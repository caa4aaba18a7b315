import { isDatabaseAway, isDatabaseError } from '../platform/database.ts'
import { Refusal } from '../platform/refusal.ts'

export const refuse = (message: string) => new Refusal(422, { error: message })

/** What the disk said, as a refusal that names the file; every other error as it is. */
export function explainDisk(error: unknown, act: string): unknown {
  const isOfDisk = error instanceof Error && 'syscall' in error && 'code' in error && !isDatabaseAway(error)
  return isOfDisk ? refuse(`Could not ${act}: ${error.message}.`) : error
}

/** What PostgreSQL had against the rows, as a refusal without the rows; every other error as it is. */
export function explainDatabase(error: unknown): unknown {
  if (!isDatabaseError(error) || isDatabaseAway(error)) return error
  return refuse(`The backup could not be loaded: ${error.message} (SQLSTATE ${error.code}). Nothing was changed.`)
}
