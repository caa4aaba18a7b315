import { callersAccount } from '../accounts/account-sql.ts'
import { type Question, Shape } from '../accounts/ask-as.ts'
import { eventBySlug, givenEvent } from '../events/event-by-slug.ts'
import { type EventRow, eventColumns, eventsWithVenue } from '../events/queries.ts'
import { dailyTotals } from '../platform/daily-totals.ts'
import { columnsOf, type Sql, sql } from '../platform/sql.ts'

/** What counts as an order where archived ones count too. */
export const orderSubjects = ['orders', 'archived_orders']

export interface EventSales {
  sold: number
  heldNow: number
  redeemed: number
  /** Places for sale in all: the event's capacity, or the sum of limited stocks; null where nothing limits them. */
  places: number | null
  /** What could be sold at this moment; null where nothing limits it. */
  remaining: number | null
  /** Days since the first order, at least one; null where there is none. */
  daysOnSale: number | null
  orderCount: number
  revenueMinor: bigint
}

/** An event with its sales. */
export type EventOnSale = EventRow & EventSales

export interface TicketTypeSales {
  title: string
  sold: number
  stock: number | null
  priceMinor: bigint
  revenueMinor: bigint
}

/**
 * What each ticket type of the event sold (`TicketTypeSales`), and brought in net of refunds; beside them the event
 * (`EventOnSale`), with its places at `now`: a hold that ran out counts as free.
 */
export function eventSales(slug: string, now: Date): Question {
  return {
    shape: eventShape,
    given: givenEvent(slug),
    rows: ticketTypes,
    beside: sql`
      from ${eventsWithVenue}
      cross join (${salesOf(now)}) s
      cross join (${dailyTotals({ accountId: callersAccount.id, subjects: orderSubjects, eventId: eventBySlug, period: undefined })}) orders
      where e.account_id = ${callersAccount.id} and e.id = ${eventBySlug}`,
  }
}

const eventShape = new Shape(
  {
    ...columnsOf('t', ['title', 'sold', 'stock', 'price_minor']),
    revenue_minor: sql`coalesce(b.revenue_minor, 0)::bigint`,
  },
  {
    ...eventColumns,
    ...columnsOf('s', ['sold', 'held_now', 'redeemed', 'places', 'remaining', 'days_on_sale']),
    ...{ order_count: sql`orders.count`, revenue_minor: sql`orders.amount_minor` },
  },
)

const ticketTypes = sql`
  from ticket_types t
  cross join lateral (
    select sum(amount_minor) as revenue_minor
    from (select amount_minor from daily_totals d
          where d.account_id = t.account_id and d.subject = 'ticket_type:' || t.id and d.event_id = t.event_id
            and d.day = '-infinity'
          union all
          select amount_minor from daily_total_changes d
          where d.account_id = t.account_id and d.subject = 'ticket_type:' || t.id and d.event_id = t.event_id) both_tables
  ) b
  where t.account_id = ${callersAccount.id} and t.event_id = ${eventBySlug} and (t.state <> 'archived' or t.sold > 0)
  order by t.position, t.id`

function salesOf(now: Date): Sql {
  return sql`
    with expired as (
      select ticket_type_id, sum(quantity)::integer as places from holds
      where account_id = ${callersAccount.id} and event_id = ${eventBySlug} and expires_at <= ${now} group by 1
    ),
    types as (
      select count(*) filter (where t.stock is null and t.state <> 'archived') > 0 or count(*) filter (where t.state <> 'archived') = 0 as unlimited,
             coalesce(sum(t.stock) filter (where t.state <> 'archived'), 0)::integer as stock,
             coalesce(sum(greatest(t.stock - t.sold - t.held + coalesce(x.places, 0), 0)) filter (where t.state <> 'archived'), 0)::integer as left
      from ticket_types t left join expired x on x.ticket_type_id = t.id
      where t.account_id = ${callersAccount.id} and t.event_id = ${eventBySlug}
    ),
    place as (
      select p.capacity, p.sold, p.held - (select coalesce(sum(places), 0)::integer from expired) as held_now
      from event_places p where p.account_id = ${callersAccount.id} and p.event_id = ${eventBySlug}
    )
    select place.sold, place.held_now,
           coalesce(place.capacity, case when not types.unlimited then types.stock end) as places,
           least(case when place.capacity is not null then greatest(place.capacity - place.sold - place.held_now, 0) end,
                 case when not types.unlimited then types.left end) as remaining,
           (select count(*)::integer from tickets t
            where t.account_id = ${callersAccount.id} and t.event_id = ${eventBySlug} and t.redeemed_at is not null and t.cancelled_at is null) as redeemed,
           (select greatest(ceil(extract(epoch from ${now}::timestamptz - min(o.paid_at)) / 86400), 1)::integer from orders o
            where o.account_id = ${callersAccount.id} and o.event_id = ${eventBySlug}) as days_on_sale
    from place, types`
}
