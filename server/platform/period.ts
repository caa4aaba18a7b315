import type { Db, Fragment } from './database.ts'

/** From the start of the local day, week, month or year on. */
export interface Period {
  unit: 'day' | 'week' | 'month' | 'year'
  now: Date
  timeZone: string
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
export function readPeriod(word: string | undefined, now: Date, timeZone: string): Period | undefined {
  const unit = units[word ?? 'this_month']
  return unit && { unit, now, timeZone }
}

/** The period's first instant, as SQL: time zones are PostgreSQL's alone, so that pages and totals agree. */
export function periodStart(db: Db, { unit, now, timeZone }: Period): Fragment {
  return db`period_start(${unit}, ${now}::timestamptz, ${timeZone})`
}

/** The period's first calendar day, as SQL. */
export function periodDay(db: Db, { unit, now, timeZone }: Period): Fragment {
  return db`date_trunc(${unit}, ${now}::timestamptz at time zone ${timeZone})::date`
}
