import type { Db } from '../platform/database.ts'
import { notFound } from '../platform/refusal.ts'
import { findOrder, type OrderRow, updateOrderArchived } from './queries.ts'

/**
 * Archives the order, or restores it (`at` null). Doing so twice is doing so once; money and customers are untouched.
 * Throws 404.
 */
export async function archiveOrder(db: Db, accountId: number, ref: string, at: Date | null): Promise<OrderRow> {
  const order = await findOrder(db, accountId, ref)
  if (!order) throw notFound()
  await updateOrderArchived(db, accountId, order.id, at)
  return { ...order, archived: at !== null }
}
