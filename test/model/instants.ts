import { Temporal } from 'temporal-polyfill'
import { firstDay, type Unit } from './periods.ts'

export const zones = [
  'Europe/Berlin',
  'Pacific/Auckland',
  'Asia/Kathmandu',
  'America/Havana',
  'Asia/Beirut',
  'America/Santiago',
  'Pacific/Apia',
  'Australia/Lord_Howe',
] as const

/** A moment told by a landmark of the calendar, so that a shrunken history still says why it fails. */
export interface Moment {
  landmark: Landmark
  seconds: number
}
export const landmarks = ['anchor', 'day', 'week', 'month', 'year', 'nextDay', 'clocksBefore', 'clocksAfter'] as const
export type Landmark = (typeof landmarks)[number]

export interface Anchor {
  year: number
  kind: 'newYear' | 'clocksForward' | 'clocksBack' | 'dayOfYear'
  day: number
  seconds: number
}

/** The moment around which a history plays, in the zone that its account begins with. */
export function anchorInstant({ year, kind, day, seconds }: Anchor, zone: string): string {
  const newYear = new Temporal.PlainDate(year, 1, 1)
  const changes = clockChanges(newYear.toZonedDateTime(zone), newYear.add({ years: 1 }).toZonedDateTime(zone))
  const change = changes.find(({ isForward }) => isForward === (kind === 'clocksForward'))
  const date = kind === 'newYear' ? newYear : newYear.add({ days: day })
  const isClocks = kind === 'clocksForward' || kind === 'clocksBack'
  return wire((isClocks && change ? change.at : date.toZonedDateTime(zone)).add({ seconds }))
}

function clockChanges(from: Temporal.ZonedDateTime, until: Temporal.ZonedDateTime) {
  const changes = []
  for (let at = from.getTimeZoneTransition('next'); at; at = at.getTimeZoneTransition('next')) {
    if (Temporal.ZonedDateTime.compare(at, until) >= 0) break
    changes.push({ at, isForward: at.offsetNanoseconds > at.subtract({ nanoseconds: 1 }).offsetNanoseconds })
  }
  return changes
}

/** `zone` is the one on whose clocks the landmark is read. */
export function momentInstant({ landmark, seconds }: Moment, anchor: string, zone: string): string {
  return wire(landmarkOf(landmark, anchor, zone).add({ seconds }))
}

function landmarkOf(landmark: Landmark, anchor: string, zone: string): Temporal.ZonedDateTime {
  const at = Temporal.Instant.from(anchor).toZonedDateTimeISO(zone)
  switch (landmark) {
    case 'anchor':
      return at
    case 'nextDay':
      return at.toPlainDate().add({ days: 1 }).toZonedDateTime(zone)
    case 'clocksBefore':
      return at.add({ seconds: 1 }).getTimeZoneTransition('previous') ?? at
    case 'clocksAfter':
      return at.getTimeZoneTransition('next') ?? at
    default:
      return periodStart(landmark, anchor, zone)
  }
}

/** The first instant of the first day: where its midnight is skipped or shown twice, that is what the calendar says. */
export function periodStart(unit: Unit, now: string, zone: string): Temporal.ZonedDateTime {
  return firstDay(unit, now, zone).toZonedDateTime(zone)
}

/** Whole seconds, as the wire has them. */
export function wire(at: Temporal.ZonedDateTime): string {
  return at.toInstant().round({ smallestUnit: 'second', roundingMode: 'floor' }).toString()
}
