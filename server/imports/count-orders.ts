import type { Tx } from '../platform/database.ts'
import { escaped, row } from './order-rows.ts'
import type { OrderSink } from './order-sink.ts'
import type { NumberedOrder } from './read-orders.ts'
import { copyStagedOrders, countUnknownBuyers, createStagedOrders, deleteKnownOrders } from './staging-queries.ts'

/** A dry run: counts what an import would do, and writes nothing that anybody else could see or wait for. */
export async function openCounter(tx: Tx, accountId: number): Promise<OrderSink> {
  let total = 0
  await createStagedOrders(tx)
  return {
    async take(orders) {
      total += orders.length
      return { arrived: copyStagedOrders(tx, stagedRows(orders)) }
    },
    async end() {
      const skipped = await deleteKnownOrders(tx, accountId)
      return { imported: total - skipped, skipped, customers: await countUnknownBuyers(tx, accountId) }
    },
  }
}

function* stagedRows(orders: NumberedOrder[]): Generator<string> {
  for (let from = 0; from < orders.length; from += 1000)
    yield orders
      .slice(from, from + 1000)
      .map(({ line, order }) => row(line, escaped(order.ref), escaped(order.email)))
      .join('')
}
