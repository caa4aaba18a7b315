import type { Db } from '../platform/database.ts'

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
}

/** The event's places at `now`; a hold that ran out counts as free. */
export async function findEventSales(db: Db, accountId: number, eventId: number, now: Date): Promise<EventSales> {
  const [row] = await db<[EventSales]>`
    with expired as (
      select ticket_type_id, sum(quantity)::integer as places from holds
      where account_id = ${accountId} and event_id = ${eventId} and expires_at <= ${now} group by 1
    ),
    types as (
      select count(*) filter (where t.stock is null and t.state <> 'archived') > 0 or count(*) filter (where t.state <> 'archived') = 0 as unlimited,
             coalesce(sum(t.stock) filter (where t.state <> 'archived'), 0)::integer as stock,
             coalesce(sum(greatest(t.stock - t.sold - t.held + coalesce(x.places, 0), 0)) filter (where t.state <> 'archived'), 0)::integer as left
      from ticket_types t left join expired x on x.ticket_type_id = t.id
      where t.account_id = ${accountId} and t.event_id = ${eventId}
    ),
    place as (
      select p.capacity, p.sold, p.held - (select coalesce(sum(places), 0)::integer from expired) as held_now
      from event_places p where p.account_id = ${accountId} and p.event_id = ${eventId}
    )
    select place.sold, place.held_now,
           coalesce(place.capacity, case when not types.unlimited then types.stock end) as places,
           least(case when place.capacity is not null then greatest(place.capacity - place.sold - place.held_now, 0) end,
                 case when not types.unlimited then types.left end) as remaining,
           (select count(*)::integer from tickets t
            where t.account_id = ${accountId} and t.event_id = ${eventId} and t.redeemed_at is not null and t.cancelled_at is null) as redeemed,
           (select greatest(ceil(extract(epoch from ${now}::timestamptz - min(o.paid_at)) / 86400), 1)::integer from orders o
            where o.account_id = ${accountId} and o.event_id = ${eventId}) as days_on_sale
    from place, types`
  return row
}

export interface TicketTypeSales {
  title: string
  sold: number
  stock: number | null
  priceMinor: bigint
  revenueMinor: bigint
}

/** What each ticket type of the event sold, and brought in net of refunds. */
export async function listTicketTypeSales(db: Db, accountId: number, eventId: number): Promise<TicketTypeSales[]> {
  return db<TicketTypeSales[]>`
    select t.title, t.sold, t.stock, t.price_minor, coalesce(b.revenue_minor, 0)::bigint as revenue_minor
    from ticket_types t
    cross join lateral (
      select sum(amount_minor) as revenue_minor
      from (select amount_minor from daily_totals d
            where d.account_id = t.account_id and d.subject = 'ticket_type:' || t.id and d.event_id = t.event_id
            union all
            select amount_minor from daily_total_changes d
            where d.account_id = t.account_id and d.subject = 'ticket_type:' || t.id and d.event_id = t.event_id) both_tables
    ) b
    where t.account_id = ${accountId} and t.event_id = ${eventId} and (t.state <> 'archived' or t.sold > 0)
    order by t.position, t.id`
}
