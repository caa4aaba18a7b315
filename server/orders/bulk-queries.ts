import { copyIn } from '../platform/copy.ts'
import type { Tx } from '../platform/database.ts'

/** Writes orders of an import, from rows of COPY's text. Needs foyer.bulk: their refunds are in already. */
export async function copyImportedOrders(tx: Tx, rows: Iterable<string>): Promise<void> {
  const columns = `account_id, id, public_id, order_code, import_ref, event_id, customer_id, origin, customer_name,
    customer_email, marketing_consent, total_minor, refunded_minor, payment_provider, ticket_count, line_count,
    created_at, paid_at`
  await copyIn(tx, `copy orders (${columns}) from stdin`, rows)
}

/** Says nothing of tax: what was due on an old sale is in the books of the system that made it. */
export async function copyImportedLines(tx: Tx, rows: Iterable<string>): Promise<void> {
  const columns = `account_id, order_id, position, public_id, ticket_type_id, name, quantity, unit_price_minor, total_minor`
  await copyIn(tx, `copy order_lines (${columns}) from stdin`, rows)
}

export async function copyImportedTickets(tx: Tx, rows: Iterable<string>): Promise<void> {
  const columns = `account_id, order_id, position, line_position, event_id, ticket_type_id, public_id, check_in_code,
    secret, cancelled_at`
  await copyIn(tx, `copy tickets (${columns}) from stdin`, rows)
}

export async function copyImportedRefunds(tx: Tx, rows: Iterable<string>): Promise<void> {
  await copyIn(tx, 'copy refunds (account_id, order_id, amount_minor, refunded_at) from stdin', rows)
}

/** Hands orders to the customer that was made, or made anew, since they were written; their sum goes with them. */
export async function updateImportedOrdersCustomer(
  tx: Tx,
  accountId: number,
  customers: { from: number; to: number },
): Promise<void> {
  await tx`
    update orders o set customer_id = i.id
    from import_customers i
    where i.n between ${customers.from} and ${customers.to} and i.id <> i.planned_id
      and o.account_id = ${accountId} and o.customer_id = i.planned_id and o.import_ref is not null`
}
