import type { Tx } from '../platform/database.ts'

/** The lines `from` to `to` of the file that is being imported. */
export interface LineRange {
  from: number
  to: number
}

/** Writes the orders that `staged_orders` and `import_orders` describe. Needs foyer.bulk: their refunds are in already. */
export async function insertImportedOrders(tx: Tx, accountId: number, { from, to }: LineRange): Promise<void> {
  await tx`
    insert into orders (account_id, id, public_id, order_code, import_ref, event_id, customer_id, origin, customer_name,
      customer_email, marketing_consent, total_minor, refunded_minor, payment_provider, ticket_count, line_count,
      created_at, paid_at)
    overriding system value
    select ${accountId}, i.order_id, s.public_id, s.order_code, s.ref, i.event_id, i.customer_id, 'import',
           coalesce(s.name, ''), s.email, s.marketing_consent, s.total_minor, s.refunded_minor, 'import', s.ticket_count,
           s.line_count, s.created_at, s.paid_at
    from staged_orders s join import_orders i using (line)
    where s.line between ${from} and ${to} and i.line between ${from} and ${to}
    order by s.line`
}

/** Says nothing of tax: what was due on an old sale is in the books of the system that made it. */
export async function insertImportedLines(tx: Tx, accountId: number, { from, to }: LineRange): Promise<void> {
  await tx`
    insert into order_lines (account_id, order_id, position, public_id, ticket_type_id, name, quantity, unit_price_minor, total_minor)
    select ${accountId}, i.order_id, l.position, l.public_id, t.ticket_type_id, l.ticket_title, l.quantity, l.unit_price_minor,
           l.unit_price_minor * l.quantity
    from staged_lines l join import_orders i using (line)
    join import_ticket_types t on t.event_id = i.event_id and t.title = l.ticket_title
    where l.line between ${from} and ${to} and i.line between ${from} and ${to}
    order by l.line, l.position`
}

/** One for each admission; those of an order that was refunded whole ended with the refund. */
export async function insertImportedTickets(tx: Tx, accountId: number, { from, to }: LineRange): Promise<void> {
  await tx`
    insert into tickets (account_id, order_id, position, line_position, event_id, ticket_type_id, public_id, check_in_code, secret,
      cancelled_at)
    select ${accountId}, i.order_id, k.position, k.line_position, i.event_id, t.ticket_type_id, k.public_id, k.check_in_code,
           k.secret, s.refunded_at
    from staged_tickets k
    join import_orders i using (line)
    join staged_orders s using (line)
    join staged_lines l on l.line = k.line and l.position = k.line_position
    join import_ticket_types t on t.event_id = i.event_id and t.title = l.ticket_title
    where k.line between ${from} and ${to} and i.line between ${from} and ${to} and s.line between ${from} and ${to}
      and l.line between ${from} and ${to}
    order by k.line, k.position`
}

export async function insertImportedRefunds(tx: Tx, accountId: number, { from, to }: LineRange): Promise<void> {
  await tx`
    insert into refunds (account_id, order_id, amount_minor, refunded_at)
    select ${accountId}, i.order_id, r.amount_minor, r.refunded_at
    from staged_refunds r join import_orders i using (line)
    where r.line between ${from} and ${to} and i.line between ${from} and ${to}
    order by r.line, r.refunded_at`
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

/** The lines of the file whose order code another order of the account has. */
export async function listTakenOrderCodes(tx: Tx, accountId: number): Promise<number[]> {
  const rows = await tx<{ line: number }[]>`
    select s.line from staged_orders s join orders o on o.account_id = ${accountId} and o.order_code = s.order_code`
  return rows.map((row) => row.line)
}

/** The file's tickets, by line and position, whose check-in code another ticket of the account has. */
export async function listTakenCheckInCodes(tx: Tx, accountId: number): Promise<{ line: number; position: number }[]> {
  return tx<{ line: number; position: number }[]>`
    select s.line, s.position from staged_tickets s
    join tickets t on t.account_id = ${accountId} and t.check_in_code = s.check_in_code`
}
