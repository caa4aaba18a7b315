import { Temporal } from 'temporal-polyfill'

/** Says what time it is. Only the programs' entry points ask the machine; everyone else is handed one. */
export type Clock = () => Date

const date = /(\d{4})-(\d\d)-(\d\d)/
const time = /([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?/
const offset = /([Zz])|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?/
const written = new RegExp(`^${date.source}[Tt ]${time.source}(?:${offset.source})?$`)
const earliest = Date.UTC(1900, 0, 1)
const latest = Date.UTC(9999, 11, 31, 23, 59, 59)

/** The instant without its fraction of a second: whole seconds are what is stored and sent. */
export function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}

/** The instant as the wire writes it: `2026-04-22T12:34:50Z`. */
export function wireTime(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`
}

/**
 * The instant that an ISO 8601 text means, to the whole second. A text without an offset is read on the clocks of
 * `zone`, an IANA name: a time that they skip counts from before the gap (02:30 becomes 03:30), of a time that they
 * show twice it is the first.
 *
 *     2026-04-22T14:34:50+02:00, 2026-04-22 14:34:50.9+0200, 2026-04-22T14:34+02, 2026-04-22 14:34
 *
 * Undefined for every other text, for a date or time that doesn't exist (30 February, 24:00, a leap second) and outside
 * the years 1900 to 9999 of UTC. Throws RangeError for an unknown zone.
 */
export function parseInstant(text: string, zone: string): Date | undefined {
  const match = written.exec(text)
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const asUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // Date.UTC carries over: 30 February would be 2 March.
  if (asUtc.getUTCMonth() !== month - 1 || year < 1900) return undefined

  const [utc, sign, offsetHours, offsetMinutes] = match.slice(7)
  const offsetMs = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000
  const ms =
    utc || sign
      ? asUtc.getTime() - (sign === '-' ? -offsetMs : offsetMs)
      : new Temporal.PlainDateTime(year, month, day, hour, minute, second).toZonedDateTime(zone, {
          disambiguation: 'compatible',
        }).epochMilliseconds
  return ms >= earliest && ms <= latest ? new Date(ms) : undefined
}

/** The calendar date of an instant on the clocks of an IANA zone: `2026-04-22`. */
export function localDate(instant: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString()
}
