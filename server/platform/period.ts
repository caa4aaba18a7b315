import { type Sql, sql } from './sql.ts'

/** From the start of the local day, week, month or year on. */
export interface Period {
  unit: 'day' | 'week' | 'month' | 'year'
  now: Date
  timeZone: string | Sql
}

const units: Record<string, Period['unit'] | undefined> = {
  today: 'day',
  this_week: 'week',
  week: 'week',
  this_month: 'month',
  month: 'month',
  this_year: 'year',
  year: 'year',
}

/** Both spellings of contract 2; undefined stands for all time; without a word it is this month. */
export function readPeriod(word: string | undefined, now: Date, timeZone: Period['timeZone']): Period | undefined {
  const unit = units[word ?? 'this_month']
  return unit && { unit, now, timeZone }
}

/** The period's first instant, as SQL: time zones are PostgreSQL's alone, so that pages and totals agree. */
export function periodStart({ unit, now, timeZone }: Period): Sql {
  return sql`period_start(${unit}, ${now}::timestamptz, ${timeZone})`
}

/** The period's first calendar day, as SQL. */
export function periodDay({ unit, now, timeZone }: Period): Sql {
  return sql`date_trunc(${unit}, ${now}::timestamptz at time zone ${timeZone})::date`
}
