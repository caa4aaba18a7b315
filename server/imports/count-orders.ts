import type { Tx } from '../platform/database.ts'
import { escaped, row } from './order-rows.ts'
import type { OrderSink } from './order-sink.ts'
import type { NumberedOrder } from './read-orders.ts'
import { copyStagedOrders, countUnknownBuyers, createStagedOrders, deleteKnownOrders } from './staging-queries.ts'

const ordersAtOnce = 5000

/** A dry run: counts what an import would do, and writes nothing that anybody else could see or wait for. */
export async function openCounter(tx: Tx, accountId: number): Promise<OrderSink> {
  let total = 0
  let arrived = Promise.resolve()
  let rows: string[] = []
  await createStagedOrders(tx)
  return { take, settle: () => arrived.catch(() => {}), end }

  async function take(orders: NumberedOrder[]) {
    total += orders.length
    for (const { line, order } of orders) rows.push(row(line, escaped(order.ref), escaped(order.email)))
    if (rows.length >= ordersAtOnce) await send()
  }

  async function send() {
    const text = rows.join('')
    rows = []
    await arrived
    arrived = copyStagedOrders(tx, [text])
    arrived.catch(() => {}) // whoever comes next hears of it
  }

  async function end() {
    await send()
    await arrived
    const skipped = await deleteKnownOrders(tx, accountId)
    return { imported: total - skipped, skipped, customers: await countUnknownBuyers(tx, accountId) }
  }
}
