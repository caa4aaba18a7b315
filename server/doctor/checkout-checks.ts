import { check } from './check.ts'

/** A paid checkout became one order, with all that was in it; one that is pending may hold places. */
export const checkoutChecks = [
  check(
    "A checkout's total is the sum of its items, less their discounts",
    (db) => db`
      select c.account_id, 'checkouts ' || c.id as subject,
             format('total_minor is %s, its items make %s', c.total_minor, coalesce(i.total_minor, 0)) as problem
      from checkouts c
      left join (select account_id, checkout_id, sum(unit_price_minor * quantity - discount_minor) as total_minor
                 from checkout_items group by 1, 2) i
        on i.account_id = c.account_id and i.checkout_id = c.id
      where c.total_minor <> coalesce(i.total_minor, 0)`,
  ),
  check(
    'A paid checkout is one order of the same event and total, and no other checkout is one',
    (db) => db`
      select c.account_id, 'checkouts ' || c.id as subject,
             case when o.id is null then format('is %s, but has no order', c.status)
                  else format('is %s, %s for event %s, its order %s is %s for event %s from %s', c.status, c.total_minor,
                              c.event_id, o.id, o.total_minor, o.event_id, o.origin) end as problem
      from checkouts c
      left join orders o on o.account_id = c.account_id and o.id = c.order_id
      where (c.status = 'paid' or c.order_id is not null)
        and (c.status, c.total_minor, c.event_id, 'checkout')
            is distinct from ('paid', o.total_minor, o.event_id, o.origin)`,
  ),
  check(
    'A shop order came from exactly one checkout',
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject, format('has %s checkouts', count(c.id)) as problem
      from orders o
      left join checkouts c on c.account_id = o.account_id and c.order_id = o.id
      where o.origin = 'checkout'
      group by o.account_id, o.id
      having count(c.id) <> 1`,
  ),
  check(
    'An order has what its checkout asked for',
    (db) => db`
      with asked as (
        select c.account_id, c.order_id, i.position, i.ticket_type_id, i.quantity, i.unit_price_minor,
               i.discount_minor
        from checkouts c
        join checkout_items i on i.account_id = c.account_id and i.checkout_id = c.id
        where c.order_id is not null
      ),
      given as (
        select l.account_id, l.order_id, l.position, l.ticket_type_id, l.quantity, l.unit_price_minor,
               l.discount_minor
        from order_lines l
        join orders o on o.account_id = l.account_id and o.id = l.order_id
        where o.origin = 'checkout'
      )
      select account_id, format('order_lines %s/%s', order_id, position) as subject,
             format('is %s of ticket type %s for %s each less %s, its checkout asked for %s of %s for %s less %s', g.quantity,
                    g.ticket_type_id, g.unit_price_minor, g.discount_minor, a.quantity, a.ticket_type_id, a.unit_price_minor,
                    a.discount_minor) as problem
      from asked a
      full join given g using (account_id, order_id, position)
      where (a.ticket_type_id, a.quantity, a.unit_price_minor, a.discount_minor)
            is distinct from (g.ticket_type_id, g.quantity, g.unit_price_minor, g.discount_minor)`,
  ),
  check(
    'Only a pending checkout holds places: all that it asks for, or none once they ran out',
    (db) => db`
      with holding as (select distinct account_id, checkout_id from holds),
      asked as (
        select i.account_id, i.checkout_id, c.event_id, i.ticket_type_id, sum(i.quantity) as quantity
        from checkout_items i
        join holding using (account_id, checkout_id)
        join checkouts c on c.account_id = i.account_id and c.id = i.checkout_id and c.status = 'pending'
        group by 1, 2, 3, 4
      )
      select account_id, format('holds of checkout %s', checkout_id) as subject,
             format('%s places of ticket type %s are held, %s are asked for', coalesce(h.quantity, 0), ticket_type_id,
                    coalesce(a.quantity, 0)) as problem
      from holds h
      full join asked a using (account_id, checkout_id, event_id, ticket_type_id)
      where h.quantity is distinct from a.quantity`,
  ),
]
