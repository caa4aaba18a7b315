import type { Tx } from '../platform/database.ts'
import { Marks } from './marks.ts'
import { listKnownRefs } from './plan-queries.ts'
import type { NumberedOrder } from './read-orders.ts'

const places = 2 ** 25

export interface KnownOrders {
  /** Leaves out what the account has imported before, and a ref's second mention. */
  leaveOut(orders: NumberedOrder[]): Promise<NumberedOrder[]>
}

/** Asks the database for refs that may be known; where nothing was imported before, few look so. */
export function openKnownOrders(tx: Tx, accountId: number, hasImports: boolean): KnownOrders {
  const seen = new Marks(places)
  return {
    async leaveOut(orders) {
      const doubtful = orders.map(({ order }) => order.ref).filter((ref) => seen.add(ref) || hasImports)
      if (doubtful.length === 0) return orders
      const known = await listKnownRefs(tx, accountId, doubtful)
      return orders.filter(({ order: { ref } }) => {
        if (known.has(ref)) return false
        known.add(ref)
        return true
      })
    },
  }
}
