import type { Account } from '../accounts/account.ts'
import {
  copyImportedLines,
  copyImportedOrders,
  copyImportedRefunds,
  copyImportedTickets,
} from '../orders/bulk-queries.ts'
import type { Tx } from '../platform/database.ts'
import { type DrawCode, distinctCodes } from './distinct-codes.ts'
import { finishImport } from './finish-import.ts'
import { withoutKeyChecks } from './key-checks.ts'
import { orAgain } from './or-again.ts'
import { OrderRows } from './order-rows.ts'
import type { OrderSink } from './order-sink.ts'
import { openPlacing } from './place-orders.ts'
import { findEarlierRows } from './plan-queries.ts'
import { openProgramme } from './programme.ts'
import type { Progress } from './progress.ts'
import type { NumberedOrder } from './read-orders.ts'
import { copyImportBuyers, createImportBuyers } from './staging-queries.ts'
import { leaveWordLists, type WordLists } from './word-lists.ts'

/** A connection that would idle is given few orders; for one that is busy they add up, as many at once cost less. */
const fewOrders = 1000
const manyOrders = 10_000
/** Where the account has something to look up, so many lines share a question. */
const linesToAsk = 5000

export interface Writing {
  now: Date
  lists: WordLists | undefined
  onProgress: Progress
}

/**
 * Writes orders, and everything that hangs on them, while the rest of the file is read: nobody waits for these rows. The
 * customers, whom others may wait for, come at the end.
 */
export async function openWriter(tx: Tx, account: Account, { now, lists, onProgress }: Writing): Promise<OrderSink> {
  await tx.unsafe("set local foyer.bulk = on; set local work_mem = '64MB'")
  await tx`set constraints orders_account_id_customer_id_fkey deferred`
  await createImportBuyers(tx)
  const earlier = await findEarlierRows(tx, account.id)
  const linesAtOnce = earlier.hasImports || earlier.hasCustomers ? linesToAsk : 1
  let arrived = Promise.resolve()
  let isFree = true
  const whenFree = () => arrived.then(() => tx)
  const programme = openProgramme(whenFree, account, now)
  const placing = openPlacing(whenFree, account, earlier, programme)
  const drawCode = distinctCodes()
  let [imported, skipped] = [0, 0]
  let waiting: NumberedOrder[] = []
  let rows = new OrderRows(account.id)
  return { take, settle: () => arrived.catch(() => {}), end }

  async function take(orders: NumberedOrder[]) {
    waiting = waiting.concat(orders)
    if (waiting.length < linesAtOnce) return
    await makeReady()
    if (rows.hasAtLeast(isFree ? fewOrders : manyOrders)) await send()
  }

  async function makeReady() {
    const placed = await placing.place(waiting)
    imported += placed.length
    skipped += waiting.length - placed.length
    waiting = []
    rows.add(placed)
  }

  async function send() {
    const ready = rows
    rows = new OrderRows(account.id)
    placing.sent()
    await arrived
    if (ready.orderCount === 0) return
    const free = () => {
      isFree = true
    }
    isFree = false
    arrived = write(ready)
    arrived.then(free, free) // whoever comes next hears of a failure
  }

  async function write(rows: OrderRows): Promise<void> {
    if (lists?.areKept()) await leaveWordLists(tx)
    // Another order may have one of the codes: all of them are drawn anew.
    await orAgain(tx, (inner) => writeRows(inner, rows, drawCode))
    await onProgress(rows.lastLine, 'orders')
  }

  async function end() {
    await makeReady()
    await send()
    await arrived
    const customers = imported === 0 ? 0 : await finishImport(tx, account.id, programme, onProgress)
    return { imported, skipped, customers }
  }
}

function writeRows(tx: Tx, rows: OrderRows, drawCode: DrawCode): Promise<void> {
  return withoutKeyChecks(tx, ['orders', 'order_lines', 'tickets', 'refunds'], async () => {
    await copyImportedOrders(tx, rows.orders(drawCode))
    await copyImportedLines(tx, rows.lines)
    await copyImportedTickets(tx, rows.tickets(drawCode))
    await copyImportedRefunds(tx, rows.refunds)
    await copyImportBuyers(tx, rows.buyers)
  })
}
