import { money } from '../../platform/money.ts'
import type { EventView } from '../event-view.ts'
import type { Visit } from '../visit.ts'
import { plainText } from './rich-text.ts'

/** The event in the words of schema.org, for search engines. */
export function searchEntry({ account, settings, shopUrl }: Visit, { feed, event, types }: EventView): object {
  const url = `${shopUrl}/events/${feed.slug}`
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    name: feed.title,
    url,
    ...(feed.description === null ? {} : { description: plainText(feed.description, 5000) }),
    startDate: feed.startsAt,
    endDate: feed.endsAt,
    ...(event.doorsOpenAt === null ? {} : { doorTime: event.doorsOpenAt }),
    eventStatus: 'https://schema.org/EventScheduled',
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    ...(feed.minimumAge === null ? {} : { typicalAgeRange: `${feed.minimumAge}-` }),
    location: {
      '@type': 'Place',
      name: feed.venueName,
      address: {
        '@type': 'PostalAddress',
        streetAddress: feed.venueAddress,
        postalCode: feed.venuePostalCode,
        addressLocality: feed.venueCity,
        addressCountry: feed.venueCountry,
      },
      ...(feed.venueLatitude === null || feed.venueLongitude === null
        ? {}
        : { geo: { '@type': 'GeoCoordinates', latitude: feed.venueLatitude, longitude: feed.venueLongitude } }),
    },
    organizer: { '@type': 'Organization', name: settings.name, url: shopUrl },
    offers: types.map((type) => ({
      '@type': 'Offer',
      name: type.title,
      price: money(type.priceMinor, account.currency).amount,
      priceCurrency: account.currency,
      availability: `https://schema.org/${type.left === null || type.left > 0 ? 'InStock' : 'SoldOut'}`,
      validFrom: feed.salesStartsAt ?? undefined,
      validThrough: feed.salesEndsAt,
      url,
    })),
  }
}
