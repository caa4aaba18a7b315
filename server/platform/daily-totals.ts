import type { Db, Pool } from './database.ts'
import { type Period, periodDay } from './period.ts'

export interface Totals {
  count: number
  amountMinor: bigint
}

/**
 * Count and sum of `subjects` in the period (undefined: ever), for one event or all (0), exact at this moment. Costs a
 * row for each day, however many rows were counted.
 */
export async function readDailyTotals(
  db: Db,
  accountId: number,
  subjects: string[],
  eventId: number,
  period: Period | undefined,
): Promise<Totals> {
  const sincePeriod = period ? db`and day >= ${periodDay(db, period)}` : db``
  const [row] = await db<[Totals]>`
    select coalesce(sum(count), 0)::integer as count, coalesce(sum(amount_minor), 0)::bigint as amount_minor
    from (
      select count, amount_minor from daily_totals
      where account_id = ${accountId} and subject = any (${subjects}::text[]) and event_id = ${eventId} ${sincePeriod}
      union all
      select count, amount_minor from daily_total_changes
      where account_id = ${accountId} and subject = any (${subjects}::text[]) and event_id = ${eventId} ${sincePeriod}
    ) both_tables`
  return row
}

/**
 * Moves the appended changes into the daily totals. Sums stay equal for every reader at every moment; several servers
 * may fold at once: one does, the others pass. Resolves to the number of changes folded.
 */
export async function foldDailyTotals(db: Pool): Promise<number> {
  const [row] = await db<[{ folded: number }]>`
    with turn as materialized (select pg_try_advisory_xact_lock(7002) as mine),
    gone as (
      delete from daily_total_changes where (select mine from turn)
      returning account_id, subject, event_id, day, count, amount_minor
    ),
    kept as (
      insert into daily_totals (account_id, subject, event_id, day, count, amount_minor)
      select account_id, subject, event_id, day, sum(count), sum(amount_minor) from gone group by 1, 2, 3, 4
      on conflict (account_id, subject, event_id, day) do update
      set count = daily_totals.count + excluded.count, amount_minor = daily_totals.amount_minor + excluded.amount_minor
    )
    select count(*)::integer as folded from gone`
  return row.folded
}
