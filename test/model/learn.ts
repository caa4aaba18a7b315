import type { OrderFact } from './ledger.ts'
import type { Stage } from './stage.ts'

type Drawn = 'id' | 'orderCode' | 'checkInCodes' | 'ticketPublicIds' | 'paymentReference'
export type ToldOrder = Omit<OrderFact, Drawn | 'told' | 'archived' | 'cancelled'>

interface Row {
  id: number
  publicId: string
  orderCode: string
  paymentReference: string | null
  customerId: number
  email: string
  checkInCodes: string[]
  ticketPublicIds: string[]
}

/** Enters orders into the ledger, with the numbers and codes that the server drew for them. */
export async function learnOrders({ world, club, ledger, told }: Stage, orders: ToldOrder[]): Promise<void> {
  const rows = await world.db<Row[]>`
    select o.id, o.public_id, o.order_code, o.payment_reference, o.customer_id, c.email, t.check_in_codes, t.ticket_public_ids
    from orders o
    join customers c on c.account_id = o.account_id and c.id = o.customer_id
    cross join lateral (
      select array_agg(check_in_code) as check_in_codes, array_agg(public_id) as ticket_public_ids
      from tickets where account_id = o.account_id and order_id = o.id
    ) t
    where o.account_id = ${club.id} and o.public_id = any (${orders.map((order) => order.publicId)})`
  const byPublicId = new Map(rows.map((row) => [row.publicId, row]))
  for (const order of orders) {
    const row = byPublicId.get(order.publicId)
    if (!row) throw new Error(`the order ${order.publicId} is not there`)
    const { customerId, email, ...drawn } = row
    ledger.customerIds.set(email, customerId)
    ledger.orders.push({ ...order, ...drawn, told, archived: false, cancelled: false })
  }
}
