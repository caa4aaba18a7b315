import type { Db, Fragment } from '../platform/database.ts'
import { check } from './check.ts'

/** Places that are filled: sold, and held by those who still pay. Counted anew, and never more than there are. */
export const placeChecks = [
  check(
    'A ticket type counts its tickets sold and its places held',
    (db) => db`
      select y.account_id, 'ticket_types ' || y.id as subject,
             format('%s sold and %s held are counted, there are %s and %s', y.sold, y.held, coalesce(t.sold, 0),
                    coalesce(h.held, 0)) as problem
      from ticket_types y
      left join (${soldTickets(db)}) t on t.account_id = y.account_id and t.ticket_type_id = y.id
      left join (select account_id, ticket_type_id, sum(quantity) as held from holds group by 1, 2) h
        on h.account_id = y.account_id and h.ticket_type_id = y.id
      where (y.sold, y.held) <> (coalesce(t.sold, 0), coalesce(h.held, 0))`,
  ),
  check(
    'An event counts its tickets sold and its places held',
    (db) => db`
      select p.account_id, 'event_places ' || p.event_id as subject,
             format('%s sold and %s held are counted, there are %s and %s', p.sold, p.held, coalesce(t.sold, 0),
                    coalesce(h.held, 0)) as problem
      from event_places p
      left join (select account_id, event_id, count(*) as sold from tickets where cancelled_at is null group by 1, 2) t
        on t.account_id = p.account_id and t.event_id = p.event_id
      left join (select account_id, event_id, sum(quantity) as held from holds group by 1, 2) h
        on h.account_id = p.account_id and h.event_id = p.event_id
      where (p.sold, p.held) <> (coalesce(t.sold, 0), coalesce(h.held, 0))`,
  ),
  check(
    'The places of an event are its capacity',
    (db) => db`
      select e.account_id, 'events ' || e.id as subject,
             case when p.event_id is null then 'has no event_places'
                  else format('capacity is %s, its places are %s', coalesce(e.capacity::text, 'null'),
                              coalesce(p.capacity::text, 'null')) end as problem
      from events e
      left join event_places p on p.account_id = e.account_id and p.event_id = e.id
      where p.event_id is null or e.capacity is distinct from p.capacity`,
  ),
  check(
    'The shop has sold and holds no more of a ticket type than its stock',
    (db, now) => db`
      select y.account_id, 'ticket_types ' || y.id as subject,
             format('stock is %s, taken in the shop are %s', y.stock, sum(places)) as problem
      from ticket_types y
      join (${placesTakenInShop(db, now)}) s on s.account_id = y.account_id and s.ticket_type_id = y.id
      group by y.account_id, y.id
      having sum(places) > y.stock`,
  ),
  check(
    'The shop has sold and holds no more for an event than its capacity',
    (db, now) => db`
      select e.account_id, 'events ' || e.id as subject,
             format('capacity is %s, taken in the shop are %s', e.capacity, sum(places)) as problem
      from events e
      join (${placesTakenInShop(db, now)}) s on s.account_id = e.account_id and s.event_id = e.id
      group by e.account_id, e.id
      having sum(places) > e.capacity`,
  ),
]

function soldTickets(db: Db): Fragment {
  return db`select account_id, ticket_type_id, count(*) as sold from tickets where cancelled_at is null group by 1, 2`
}

/** Imported orders are left out: they come in whatever the stock. So are holds that have run out. */
function placesTakenInShop(db: Db, now: Date): Fragment {
  return db`
    select t.account_id, t.event_id, t.ticket_type_id, count(*) as places
    from tickets t
    join orders o on o.account_id = t.account_id and o.id = t.order_id and o.origin = 'checkout'
    where t.cancelled_at is null
    group by 1, 2, 3
    union all
    select account_id, event_id, ticket_type_id, sum(quantity) from holds where expires_at > ${now} group by 1, 2, 3`
}
