import { check } from './check.ts'

/** An order is the sum of its lines, a line is its tickets. */
export const orderChecks = [
  check(
    "An order's total is the sum of its lines",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('total_minor is %s, its lines make %s', o.total_minor, coalesce(l.total_minor, 0)) as problem
      from orders o
      left join (select account_id, order_id, sum(total_minor) as total_minor from order_lines group by 1, 2) l
        on l.account_id = o.account_id and l.order_id = o.id
      where o.total_minor <> coalesce(l.total_minor, 0)`,
  ),
  check(
    "A line's total is its price times its quantity, less its discount",
    (db) => db`
      select account_id, format('order_lines %s/%s', order_id, position) as subject,
             format('total_minor is %s, not %s x %s - %s', total_minor, unit_price_minor, quantity, discount_minor) as problem
      from order_lines
      where total_minor <> unit_price_minor * quantity - discount_minor`,
  ),
  check(
    "A line's tax is what its total contains at its rate",
    (db) => db`
      select account_id, format('order_lines %s/%s', order_id, position) as subject,
             format('tax_minor is %s, %s percent in %s is %s', tax_minor, tax_rate, total_minor, contained) as problem
      from (
        select *, coalesce(div(20 * total_minor * tax_rate + 1000 + 10 * tax_rate, 2000 + 20 * tax_rate), 0) as contained
        from order_lines
      ) l
      where tax_minor <> contained`,
  ),
  check(
    "An order's lines are counted in it",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('line_count is %s, it has %s', o.line_count, coalesce(l.lines, 0)) as problem
      from orders o
      left join (select account_id, order_id, count(*) as lines from order_lines group by 1, 2) l
        on l.account_id = o.account_id and l.order_id = o.id
      where o.line_count <> coalesce(l.lines, 0)`,
  ),
  check(
    "An order's tickets are counted in it",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('ticket_count is %s, it has %s', o.ticket_count, coalesce(t.tickets, 0)) as problem
      from orders o
      left join (select account_id, order_id, count(*) as tickets from tickets group by 1, 2) t
        on t.account_id = o.account_id and t.order_id = o.id
      where o.ticket_count <> coalesce(t.tickets, 0)`,
  ),
  check(
    'A line has as many tickets as its quantity says',
    (db) => db`
      select l.account_id, format('order_lines %s/%s', l.order_id, l.position) as subject,
             format('quantity is %s, it has %s tickets', l.quantity, coalesce(t.tickets, 0)) as problem
      from order_lines l
      left join (select account_id, order_id, line_position, count(*) as tickets from tickets group by 1, 2, 3) t
        on t.account_id = l.account_id and t.order_id = l.order_id and t.line_position = l.position
      where l.quantity <> coalesce(t.tickets, 0)`,
  ),
  check(
    "A ticket is for its order's event and of its line's ticket type",
    (db) => db`
      select t.account_id, format('tickets %s/%s', t.order_id, t.position) as subject,
             format('is for event %s and ticket type %s, its order and line for %s and %s',
                    t.event_id, t.ticket_type_id, o.event_id, l.ticket_type_id) as problem
      from tickets t
      join orders o on o.account_id = t.account_id and o.id = t.order_id
      join order_lines l on l.account_id = t.account_id and l.order_id = t.order_id and l.position = t.line_position
      where (t.event_id, t.ticket_type_id) <> (o.event_id, l.ticket_type_id)`,
  ),
  check(
    "A line's ticket type belongs to its order's event",
    (db) => db`
      select l.account_id, format('order_lines %s/%s', l.order_id, l.position) as subject,
             format('ticket type %s is of event %s, the order of event %s', y.id, y.event_id, o.event_id) as problem
      from order_lines l
      join orders o on o.account_id = l.account_id and o.id = l.order_id
      join ticket_types y on y.account_id = l.account_id and y.id = l.ticket_type_id
      where y.event_id <> o.event_id`,
  ),
]
