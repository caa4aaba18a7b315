import type { Db, Pool } from './database.ts'
import { type Period, periodDay } from './period.ts'
import { ask, type Columns, type Sql, sql } from './sql.ts'

export interface Totals {
  count: number
  amountMinor: bigint
}

/** What is counted under these subjects in the period (undefined: ever), for one event or all (0). */
export interface Counted {
  accountId: number | Sql
  subjects: string[]
  eventId: number | Sql
  period: Period | undefined
}

/**
 * Count and sum as SQL that gives one row, `count` and `amount_minor`, exact at this moment. Costs a row for each day of
 * the period, and one for all time, however many rows were counted.
 */
export function dailyTotals({ accountId, subjects, eventId, period }: Counted): Sql {
  const counted = sql`account_id = ${accountId} and subject = any (${subjects}::text[]) and event_id = ${eventId}`
  const since = period && sql`and day >= ${periodDay(period)}`
  return sql`
    select coalesce(sum(count), 0)::integer as count, coalesce(sum(amount_minor), 0)::bigint as amount_minor
    from (
      select count, amount_minor from daily_totals where ${counted} ${since ?? sql`and day = '-infinity'`}
      union all
      select count, amount_minor from daily_total_changes where ${counted} ${since ?? sql``}
    ) both_tables`
}

/** Of what `dailyTotals` gives. */
export const totalsColumns: Columns = { count: sql`count`, amount_minor: sql`amount_minor` }

export async function readDailyTotals(db: Db, counted: Counted): Promise<Totals> {
  const [row] = await ask<Totals>(db, dailyTotals(counted))
  if (!row) throw new Error('totals without a row')
  return row
}

/**
 * Moves the appended changes into the daily totals, that of their day and that of all time ('-infinity'). Sums stay equal
 * for every reader at every moment; several servers may fold at once: one does, the others pass. Resolves to the number of
 * changes folded.
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
      select account_id, subject, event_id, d.day, sum(count), sum(amount_minor)
      from gone cross join lateral (values (gone.day), ('-infinity'::date)) d (day) group by 1, 2, 3, 4
      on conflict (account_id, subject, event_id, day) do update
      set count = daily_totals.count + excluded.count, amount_minor = daily_totals.amount_minor + excluded.amount_minor
    )
    select count(*)::integer as folded from gone`
  return row.folded
}
