import { type Pool, transaction } from '../platform/database.ts'
import { updateAttendeeName } from './queries.ts'

/** Corrects the guests' names, by ticket: "" takes one away. Tickets that are used or cancelled keep theirs. */
export async function nameAttendees(
  db: Pool,
  accountId: number,
  orderId: number,
  names: Record<string, string>,
): Promise<void> {
  const inOneOrder = Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1))
  await transaction(db, async (tx) => {
    for (const [ticket, name] of inOneOrder)
      await updateAttendeeName(tx, accountId, orderId, ticket, name.trim() || null)
  })
}
