import { formatDateTime, formatTime, oneLine } from '../platform/formats.ts'
import type { AdmissionRow } from './queries.ts'
import { ticketWords } from './ticket-words.ts'

/** When it is, on the venue's clocks: begin and end, then when the doors open, if that is known. */
export function describeDate(order: AdmissionRow): string[] {
  const { startsAt, doorsOpenAt, timeZone, locale, showEndTime } = order
  const words = ticketWords[locale]
  const begins = formatDateTime({ at: startsAt, timeZone }, locale)
  const when = showEndTime ? `${begins}, ${words.until(endOf(order))}` : begins
  return doorsOpenAt === null ? [when] : [when, words.doorsOpen(formatTime({ at: doorsOpenAt, timeZone }, locale))]
}

/** Where it is, in one line. */
export function describePlace(order: AdmissionRow): string {
  const { venueName, venueAddress, venuePostalCode, venueCity } = order
  return [venueName, venueAddress, `${venuePostalCode} ${venueCity}`].map(oneLine).join(', ')
}

/** The time alone where it ends within a day. */
function endOf({ startsAt, endsAt, timeZone, locale }: AdmissionRow): string {
  const isSoon = new Date(endsAt).getTime() - new Date(startsAt).getTime() < 86_400_000
  return isSoon ? formatTime({ at: endsAt, timeZone }, locale) : formatDateTime({ at: endsAt, timeZone }, locale)
}
