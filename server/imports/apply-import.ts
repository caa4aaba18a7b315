import type { Account } from '../accounts/account.ts'
import { findOrInsertImportVenue, insertImportedEvents, lockImportedEvents } from '../events/bulk-queries.ts'
import { listTakenCheckInCodes, listTakenOrderCodes } from '../orders/bulk-queries.ts'
import { shortCode } from '../platform/codes.ts'
import { isDeadlock, type Tx, transaction, violatedConstraint } from '../platform/database.ts'
import { conflict } from '../platform/refusal.ts'
import { addImportedPlaces, insertImportedTicketTypes } from '../ticketing/bulk-queries.ts'
import { listImportCustomers, listImportEvents, listImportTicketTypes, numberImportOrders } from './plan-queries.ts'
import type { Progress } from './progress.ts'
import { updateStagedCheckInCodes, updateStagedOrderCodes } from './staging-queries.ts'
import { leaveWordLists, type WordLists } from './word-lists.ts'
import { writeCustomers } from './write-customers.ts'
import { writeOrders } from './write-orders.ts'

interface Staged {
  lastLine: number
  now: Date
  lists: WordLists | undefined
  onProgress: Progress
}

const maxAttempts = 5

/**
 * Writes what is staged. Others may take a code or a slug between the look and the write, or wait crosswise: then all of
 * it is taken back and done again. Resolves to how many customers were made.
 */
export async function applyImport(tx: Tx, account: Account, staged: Staged): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction(tx, (inner) => apply(inner, account, staged))
    } catch (error) {
      const isCrossed = violatedConstraint(error) !== undefined || isDeadlock(error)
      if (!isCrossed || attempt === maxAttempts) throw error
    }
  }
}

async function apply(tx: Tx, account: Account, { lastLine, now, lists, onProgress }: Staged): Promise<number> {
  await tx.unsafe("set local foyer.bulk = on; set local work_mem = '64MB'; set local enable_nestloop = off")
  if (lists?.areKept()) await leaveWordLists(tx)
  await drawFreeCodes(tx, account.id)
  const unknownEvents = await listImportEvents(tx, account.id)
  if (unknownEvents > 0) await insertImportedEvents(tx, account.id, await findOrInsertImportVenue(tx, account), now)
  if (!(await lockImportedEvents(tx, account.id))) throw conflict('An event was deleted meanwhile. Import again')
  const customers = await listImportCustomers(tx, account.id)
  await numberImportOrders(tx)
  await listImportTicketTypes(tx, account.id)
  await insertImportedTicketTypes(tx, account.id)
  await writeOrders(tx, account.id, lastLine, (lines) => onProgress(lines, 'orders'))
  await tx.unsafe('set local enable_nestloop = on; set local enable_hashjoin = off; set local enable_mergejoin = off')
  const made = await writeCustomers(tx, account.id, customers.count, (count) => onProgress(count, 'customers'))
  await addImportedPlaces(tx, account.id)
  return made
}

/** Codes are drawn at random: among a million there is one that an earlier order has. */
async function drawFreeCodes(tx: Tx, accountId: number): Promise<void> {
  for (;;) {
    const orders = await listTakenOrderCodes(tx, accountId)
    const tickets = await listTakenCheckInCodes(tx, accountId)
    if (orders.length + tickets.length === 0) return
    await updateStagedOrderCodes(
      tx,
      orders,
      orders.map(() => shortCode()),
    )
    await updateStagedCheckInCodes(
      tx,
      tickets,
      tickets.map(() => shortCode()),
    )
  }
}
