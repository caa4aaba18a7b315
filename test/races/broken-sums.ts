import assert from 'node:assert/strict'
import { examine } from '../../server/doctor/examine.ts'
import type { Pool } from '../../server/platform/database.ts'
import type { Organizer } from '../support/world.ts'

/**
 * Fails, and shows the rows, where any sum of the organiser's differs from what its own rows add up to, or where the
 * doctor finds anything in the whole database: ask before a twin has broken it.
 */
export async function assertSumsHold(db: Pool, who: Organizer): Promise<void> {
  assert.deepEqual(await listBrokenSums(db, who), [])
  const { checks } = await examine(db, new Date())
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  )
}

/** What differs from what it must be, one line each. */
export async function listBrokenSums(db: Pool, who: Organizer): Promise<string[]> {
  const account = db`account_id = ${who.id}`
  const rows = await db<{ broken: string }[]>`
    with kept as (
      select subject, event_id, day, row(sum(count)::integer, sum(amount_minor)::bigint) as kept
      from (select * from daily_totals where day > '-infinity' union all select * from daily_total_changes) both_tables
      where ${account} group by 1, 2, 3 having sum(count) <> 0 or sum(amount_minor) <> 0
    ), needed as (
      select subject, event_id, day, row(count, amount_minor) as needed from daily_totals_from_scratch where ${account}
    )
    select format('daily total %s of event %s on %s: %s, must be %s', subject, event_id, day, kept, needed) as broken
    from kept full join needed using (subject, event_id, day) where kept is distinct from needed
    union all
    select format('customer %s: spent %s, since %s, must be %s, %s', id, total_spent_minor, created_at, net, first_paid)
    from customers c
    left join (select customer_id, sum(total_minor - refunded_minor) as net, min(paid_at) as first_paid
               from orders where ${account} group by 1) o on o.customer_id = c.id
    where ${account} and (total_spent_minor is distinct from net or created_at is distinct from first_paid)
    union all
    select format('%s %s: sold %s, held %s, must be %s, %s, of %s', what, id, sold, held, issued, taken, places)
    from (
      select 'ticket type' as what, id, sold, held, stock as places,
             (select count(*) from tickets x where x.${account} and ticket_type_id = t.id and cancelled_at is null) as issued,
             (select coalesce(sum(quantity), 0) from holds h where h.${account} and ticket_type_id = t.id) as taken
      from ticket_types t where ${account}
      union all
      select 'event', p.event_id, sold, held, capacity,
             (select count(*) from tickets x where x.${account} and x.event_id = p.event_id and cancelled_at is null),
             (select coalesce(sum(quantity), 0) from holds h where h.${account} and h.event_id = p.event_id)
      from event_places p where ${account}
    ) counted
    where sold <> issued or held <> taken or sold + held > places
    union all
    select format('order %s: %s tickets, must be %s', id, issued, ticket_count)
    from (select id, ticket_count, (select count(*) from tickets t where t.${account} and t.order_id = o.id) as issued
          from orders o where ${account}) o
    where issued <> ticket_count
    union all
    select format('order %s: its payment is %s', o.id, p.status)
    from orders o join payments p on p.account_id = o.account_id and p.id = o.payment_id
    where o.${account} and p.status <> 'succeeded'`
  return rows.map((row) => row.broken)
}
