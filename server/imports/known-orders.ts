import { Marks } from './marks.ts'
import { listKnownRefs } from './plan-queries.ts'
import type { NumberedOrder } from './read-orders.ts'
import type { WhenFree } from './when-free.ts'

/** For a million refs: of those that were not seen, a handful are looked up. */
const places = 2 ** 26

const nothing: ReadonlySet<string> = new Set()

export interface KnownOrders {
  /** Leaves out what the account has imported before, and a ref's second mention. */
  leaveOut(orders: NumberedOrder[]): Promise<NumberedOrder[]>
  /** What was not left out is on its way: when the connection is free again, the database knows it. */
  sent(): void
}

/** Asks the database for refs that may be known; where nothing was imported before, few look so. */
export function openKnownOrders(whenFree: WhenFree, accountId: number, hasImports: boolean): KnownOrders {
  const seen = new Marks(places, 4)
  let kept = new Set<string>()
  return {
    async leaveOut(orders) {
      const doubtful = orders.map(({ order }) => order.ref).filter((ref) => seen.add(ref) || hasImports)
      const known = doubtful.length === 0 ? nothing : await listKnownRefs(await whenFree(), accountId, doubtful)
      return orders.filter(({ order: { ref } }) => {
        if (known.has(ref) || kept.has(ref)) return false
        kept.add(ref)
        return true
      })
    },
    sent() {
      kept = new Set()
    },
  }
}
