import type { OrderFact } from './ledger.ts'
import type { Stage } from './stage.ts'

type Told = Omit<
  OrderFact,
  'id' | 'orderCode' | 'checkInCodes' | 'ticketPublicIds' | 'paymentReference' | 'told' | 'archived' | 'cancelled'
>

/** Enters an order into the ledger, with the numbers and codes that the server drew for it. */
export async function learnOrder(stage: Stage, order: Told): Promise<void> {
  const { world, club, ledger } = stage
  const [row] = await world.db<
    [{ id: number; orderCode: string; paymentReference: string | null; customerId: number; email: string }]
  >`
    select o.id, o.order_code, o.payment_reference, o.customer_id, c.email
    from orders o join customers c on c.account_id = o.account_id and c.id = o.customer_id
    where o.account_id = ${club.id} and o.public_id = ${order.publicId}`
  const tickets = await world.db<{ publicId: string; checkInCode: string }[]>`
    select public_id, check_in_code from tickets where account_id = ${club.id} and order_id = ${row.id}`
  ledger.customerIds.set(row.email, row.customerId)
  ledger.orders.push({
    ...order,
    id: row.id,
    orderCode: row.orderCode,
    checkInCodes: tickets.map((ticket) => ticket.checkInCode),
    ticketPublicIds: tickets.map((ticket) => ticket.publicId),
    paymentReference: row.paymentReference,
    told: stage.told,
    archived: false,
    cancelled: false,
  })
}
