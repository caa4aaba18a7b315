import { drawIds } from './plan-queries.ts'
import type { WhenFree } from './when-free.ts'

const mostAhead = 50_000

/**
 * Draws ids for new rows of the table, ahead of their need: as many as were drawn before, so that at the end no more are
 * left over than were used.
 */
export function openIds(whenFree: WhenFree, table: 'orders' | 'customers'): (count: number) => Promise<number[]> {
  let stock: number[] = []
  let drawn = 0
  return async (count) => {
    if (count > stock.length) {
      const more = Math.max(count - stock.length, Math.min(drawn, mostAhead))
      stock = stock.concat(await drawIds(await whenFree(), table, more))
      drawn += more
    }
    return stock.splice(0, count)
  }
}
