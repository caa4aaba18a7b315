import { Temporal } from 'temporal-polyfill'

/** Both spellings of contract 2, and what they mean. */
export const periodWords = {
  today: 'day',
  this_week: 'week',
  this_month: 'month',
  this_year: 'year',
  all_time: 'ever',
  week: 'week',
  month: 'month',
  year: 'year',
  all: 'ever',
} as const

export type Unit = 'day' | 'week' | 'month' | 'year'

/** Whether the instant's local date is the first day of the period that holds `now`, or a later one. */
export function isInPeriod(at: string, word: string | undefined, now: string, timeZone: string): boolean {
  const unit = meaningOf(word || 'this_month')
  return unit === 'ever' || localDate(at, timeZone) >= firstDay(unit, now, timeZone).toString()
}

function meaningOf(word: string): Unit | 'ever' {
  const known: Record<string, Unit | 'ever'> = periodWords
  const unit = known[word]
  if (!unit) throw new Error(`not a period: ${word}`)
  return unit
}

/** The first day, by the calendar of the zone; weeks start on Monday. */
export function firstDay(unit: Unit, now: string, timeZone: string): Temporal.PlainDate {
  const today = Temporal.PlainDate.from(localDate(now, timeZone))
  if (unit === 'day') return today
  if (unit === 'week') return today.subtract({ days: today.dayOfWeek - 1 })
  return unit === 'month' ? today.with({ day: 1 }) : today.with({ month: 1, day: 1 })
}

const knownDates = new Map<string, string>()

function localDate(at: string, timeZone: string): string {
  const key = `${at} ${timeZone}`
  const date = knownDates.get(key) ?? Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
  knownDates.set(key, date)
  return date
}
