import ical from 'ical-generator'
import { oneLine } from '../platform/formats.ts'
import type { AdmissionRow } from './queries.ts'

/** The event as a calendar file (RFC 5545). The same order always makes the same entry, which calendars replace. */
export function writeCalendar(order: AdmissionRow, orderUrl: string): string {
  const calendar = ical({ prodId: { company: 'Foyer', product: 'Foyer', language: order.locale.toUpperCase() } })
  const place = `${order.venueAddress}, ${order.venuePostalCode} ${order.venueCity}`
  calendar.createEvent({
    id: `${order.publicId}@${new URL(orderUrl).hostname}`,
    stamp: new Date(order.paidAt),
    start: new Date(order.startsAt),
    end: new Date(order.endsAt),
    summary: oneLine(order.eventTitle),
    location: { title: oneLine(order.venueName), address: oneLine(place) },
    url: orderUrl,
  })
  return calendar.toString()
}
